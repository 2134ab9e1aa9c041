const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Node ${process.versions.node} is too old: 22.18 or later is needed. Run this through npm (npm test, npm run …), which uses the Node in node_modules.`,
  )
  process.exit(1)
}
