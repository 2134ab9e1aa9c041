/** `gradecert revoke | suspend | reinstate`. */
import { changeStatus } from '../issue/change-status.ts'
import { openWorkspace } from '../issue/workspace.ts'
import type { StatusChange } from '../registry/registry.ts'
import { type Command, clockOf } from './command.ts'
import { exitCodes } from './output.ts'

export interface ChangeStatusCommandOptions {
  readonly reason: string
}

export const changeStatusCommand =
  (kind: StatusChange['kind']): Command<ChangeStatusCommandOptions, [number: string]> =>
  async (call, number) => {
    const { voice, options } = call
    const workspace = await openWorkspace(options.dir)
    try {
      const change = await changeStatus(kind, number, {
        registry: workspace.registry,
        reason: options.reason,
        now: clockOf(call),
      })
      voice.value(change)
      voice.say(words[kind], { number })
      voice.say(publish)
      return exitCodes.fine
    } finally {
      workspace.registry.close()
    }
  }

const words = {
  revoke: { en: '{number} is revoked for good.', zh: '{number} 已撤销，不可恢复。' },
  suspend: { en: '{number} is suspended.', zh: '{number} 已暂停。' },
  reinstate: { en: '{number} is live again.', zh: '{number} 已恢复。' },
} as const

const publish = {
  en: 'Others learn of it once you run `gradecert publish` and hand out the new evidence.json.',
  zh: '请运行 `gradecert publish` 并分发新的 evidence.json，他人方可得知。',
}
