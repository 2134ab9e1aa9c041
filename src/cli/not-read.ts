/** Files of folders and archives that are called certificates and were not looked into: nothing is known of them. */
import type { Words } from '../base/message.ts'
import { carrierFaultWords } from '../carrier/fault-words.ts'
import type { LeftOut } from '../carrier/read-inputs.ts'
import type { Voice } from './output.ts'

export interface NotRead {
  readonly file: string
  readonly why: LeftOut
  readonly detail: string
}

export function sayNotRead(voice: Voice, { file, why, detail }: NotRead): void {
  voice.value({ file, notRead: why, detail })
  voice.warn(words.notRead, { file, why: whyWords[why][voice.language], detail })
}

const whyWords: Readonly<Record<LeftOut, Words>> = {
  ...carrierFaultWords,
  too_deep: { en: 'below too many folders', zh: '文件夹层级过深' },
  not_a_certificate_file: { en: 'not a certificate by its name', zh: '从名称看不是证书' },
  evidence_or_trust: { en: 'evidence, or a trust list', zh: '证据文件或信任名单' },
}

const words = {
  notRead: {
    en: '{file} was not looked into, so nothing is known of it: {why} ({detail}).',
    zh: '{file} 未能读取，因此无法得知其内容：{why}（{detail}）。',
  },
} as const
