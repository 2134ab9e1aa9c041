// Installs the packed tarball into an empty folder, as a user would, and runs there: every entry by import and require,
// every code block of the README in order, every page of the guide, and every example that imports the package.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** What an agency has on its machines, and an empty folder has not. */
const chineseFont = join(
  root,
  'node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
)
const folder = mkdtempSync(join(tmpdir(), 'gradecert-tarball-'))
// The Node that runs this comes first, so that `npx` and `node` below are it too.
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, LANG: 'C.UTF-8' }
const sh = (command, ...args) => execFileSync(command, args, { cwd: folder, env, encoding: 'utf8' })

try {
  const [{ filename, files, unpackedSize }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      env,
      encoding: 'utf8',
    }),
  )
  console.log(`${filename}: ${files.length} files, ${Math.round(unpackedSize / 1024)} KiB unpacked`)
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n')
  sh('npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', `./${filename}`)
  importEveryEntry()
  browserEntriesAreFree()
  cpSync(join(root, 'examples/results.gb18030.csv'), join(folder, 'results.csv'))
  runReadme()
  runGuides()
  runExamples()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function importEveryEntry() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const entry of Object.keys(exports)) {
    const name = `gradecert${entry.slice(1)}`
    const isJson = name.endsWith('.json')
    const keys = isJson ? 'm.default' : 'm'
    const attributes = isJson ? ", { with: { type: 'json' } }" : ''
    run('node', [
      '--input-type=module',
      '-e',
      `const m = await import('${name}'${attributes}); if (Object.keys(${keys}).length === 0) process.exit(9)`,
    ])
    run('node', [
      '--input-type=commonjs',
      '-e',
      `const m = require('${name}'); if (Object.keys(m).length === 0) process.exit(9)`,
    ])
    console.log(`import and require of ${name}: fine`)
  }
}

/** Nothing that the built browser entries import, directly or not, is a module of Node's. */
function browserEntriesAreFree() {
  const dist = join(folder, 'node_modules/gradecert/dist')
  const visit = (file, seen) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(
      /(?:\bfrom|\bimport\s*\(?)\s*["']([^"']+)["']/g,
    )) {
      if (name.startsWith('node:')) throw new Error(`${file} imports ${name}`)
      if (name.startsWith('./')) visit(name.slice(2), seen)
    }
  }
  for (const entry of ['verify', 'anchor', 'server']) {
    const seen = new Set()
    visit(`${entry}.js`, seen)
    console.log(`gradecert/${entry}: ${seen.size} files without a module of Node's`)
  }
}

/** Blocks run in order in one folder. In `sh` a line may say `# exit N`; a `ts` block is a module of its own. */
function runReadme() {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```(sh|ts)\n([\s\S]*?)^```$/gm)]
  if (blocks.length < 4) throw new Error('the README has lost its code blocks')
  let cwd = folder
  let modules = 0
  for (const [, language, code] of blocks) {
    if (language === 'ts') {
      const file = join(folder, `readme-${modules++}.ts`)
      writeFileSync(file, code)
      const certificates = join(folder, 'certificates')
      const [first = ''] = code.includes('CERTIFICATE') ? readdirSync(certificates) : []
      run('node', [file], { env: { ...env, CERTIFICATE: join(certificates, first) } })
      continue
    }
    for (const line of code.trim().split('\n')) {
      const [command = '', comment = ''] = line.split(/\s+#\s/)
      if (command.startsWith('cd ')) {
        cwd = join(cwd, command.slice(3))
        continue
      }
      const expected = Number(/^exit (\d+)/.exec(comment)?.[1] ?? 0)
      run('bash', ['-c', command], { cwd, expected })
    }
  }
  typecheckReadme(modules)
  console.log(`README: ${blocks.length} blocks ran`)
}

/** Each page of the guide is one script, run in a folder of its own with an export beside it. */
function runGuides() {
  const pages = readdirSync(join(root, 'docs/guide')).filter((name) => name.endsWith('.md'))
  for (const page of pages) {
    const cwd = join(folder, 'guides', page)
    mkdirSync(cwd, { recursive: true })
    cpSync(join(root, 'examples/results.gb18030.csv'), join(cwd, 'results.csv'))
    if (page === 'paper.md') cpSync(chineseFont, join(cwd, 'NotoSansSC.ttf'))
    const blocks = [
      ...readFileSync(join(root, 'docs/guide', page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm),
    ]
    if (blocks.length === 0) throw new Error(`${page} has lost its code`)
    const lines = blocks.flatMap(([, code]) => code.trim().split('\n'))
    const script = lines.map((line) => {
      const [command = '', comment = ''] = line.split(/\s+#\s/)
      const expected = Number(/^exit (\d+)/.exec(comment)?.[1] ?? 0)
      return `${command}\ncode=$?; [ $code -eq ${expected} ] || { echo ${JSON.stringify(`exit code instead of ${expected}:`)} $code; exit 99; }`
    })
    writeFileSync(join(cwd, 'page.sh'), script.join('\n'))
    run('bash', ['page.sh'], { cwd, expected: 0 })
    console.log(`${page}: ${lines.length} lines ran`)
  }
}

/** The modules of the README hold under the strictest types that a user may have. */
function typecheckReadme(modules) {
  const names = Array.from({ length: modules }, (_, i) => join(folder, `readme-${i}.ts`))
  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
  const options = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom',
    ...types,
  ]
  run(join(root, 'node_modules/.bin/tsc'), ['--ignoreConfig', ...options, ...names])
}

function runExamples() {
  const names = readdirSync(join(root, 'examples')).filter(
    (name) => name.endsWith('.ts') && name !== 'demo.ts',
  )
  mkdirSync(join(folder, 'examples'))
  for (const name of names) {
    cpSync(join(root, 'examples', name), join(folder, 'examples', name))
    run('node', [join('examples', name)])
    console.log(`examples/${name}: ran`)
  }
}

function run(command, args, { cwd = folder, expected = 0, env: environment = env } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: 'utf8' })
  if (status !== expected) {
    throw new Error(
      `${command} ${args.join(' ')}\nexit code ${status}, expected ${expected}\n${stdout}\n${stderr}`,
    )
  }
}
