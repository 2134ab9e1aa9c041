/** `gradecert revoke | suspend | reinstate | withdraw`. */

import type { Words } from '../base/message.ts'
import { changeStatus } from '../issue/change-status.ts'
import { openWorkspace } from '../issue/workspace.ts'
import type { StatusChange } from '../registry/registry.ts'
import { type Call, type Command, clockOf } from './command.ts'
import { exitCodes } from './output.ts'

export interface ChangeStatusCommandOptions {
  readonly reason: string
}

export const changeStatusCommand =
  (kind: StatusChange['kind']): Command<ChangeStatusCommandOptions, [number: string]> =>
  (call, number) =>
    changeBy(call, number, { kind, reason: call.options.reason, said: words[kind] })

/** The holder asks that the digital form goes; that changes nothing about the award. */
export const withdraw: Command<object, [number: string]> = (call, number) =>
  changeBy(call, number, { kind: 'revoke', reason: 'holder-request', said: words.withdraw })

async function changeBy(
  call: Call<object>,
  number: string,
  {
    kind,
    reason,
    said,
  }: { readonly kind: StatusChange['kind']; readonly reason: string; readonly said: Words },
): Promise<number> {
  const { voice, options } = call
  const workspace = await openWorkspace(options.dir)
  try {
    const change = await changeStatus(kind, number, {
      registry: workspace.registry,
      reason,
      now: clockOf(call),
    })
    voice.value(change)
    voice.say(said, { number })
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
  withdraw: {
    en: 'The digital form of {number} is withdrawn for good, as its holder asked. The award stands, and a paper certificate stays valid.',
    zh: '已应持证人申请收回 {number} 的电子证书，不可恢复。所获等级不受影响，纸质证书继续有效。',
  },
} as const

const publish = {
  en: 'Others learn of it once you run `gradecert publish` and hand out the new evidence.json.',
  zh: '请运行 `gradecert publish` 并分发新的 evidence.json，他人方可得知。',
}
