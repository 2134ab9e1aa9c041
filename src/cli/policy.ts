/** `gradecert policy`: what a policy file asks for, and the digest by which reports name it. */
import { policyDigest, readPolicy } from '../verify/policy.ts'
import { type Command, readFrom } from './command.ts'
import { exitCodes } from './output.ts'

export const checkPolicy: Command<object, [path: string]> = async ({ voice }, path) => {
  const policy = await readFrom(path, readPolicy)
  const digest = policyDigest(policy)
  voice.value({ digest, policy })
  voice.say(words.named, { name: policy.name, digest })
  for (const [name, value] of Object.entries(policy)) {
    if (name !== 'name' && value !== undefined) voice.line(`  ${name}: ${JSON.stringify(value)}`)
  }
  return exitCodes.fine
}

const words = {
  named: { en: 'The policy {name} is in order: {digest}', zh: '策略 {name} 格式正确：{digest}' },
} as const
