/** How commands speak: to programs one JSON value a line, to people in their language, never with hidden characters. */
import { CodedError } from '../base/coded-error.ts'
import type { Language, Words } from '../base/message.ts'
import { filled, visible } from '../base/visible.ts'
import type { Io } from './io.ts'

export interface Voice {
  readonly language: Language
  /** Both languages are asked for where the person named none. */
  readonly bilingual: boolean
  readonly json: boolean
  /** A value for programs; nothing without `--json`. */
  readonly value: (value: unknown) => void
  /** Lines for people; nothing with `--json` or `--quiet`. */
  readonly say: (words: Words, more?: Readonly<Record<string, string | number>>) => void
  readonly line: (text: string) => void
  /** A text in a colour, where it will be seen; what it says never rests on it. */
  readonly paint: (tone: Tone, text: string) => string
  /** Warnings for people, on standard error; with `--json` too. */
  readonly warn: (words: Words, more?: Readonly<Record<string, string | number>>) => void
}

export type Tone = 'good' | 'bad' | 'open' | 'quiet' | 'strong'

/** ECMA-48, section 8.3.117: select graphic rendition. */
const tones: Readonly<Record<Tone, number>> = { good: 32, bad: 31, open: 33, quiet: 2, strong: 1 }

export interface VoiceOptions {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly lang?: string | undefined
}

export function voiceOf(io: Io, { json = false, quiet = false, lang }: VoiceOptions): Voice {
  const language = languageOf(lang, io.env)
  const line = (text: string) => {
    if (!json && !quiet) io.out(`${text}\n`)
  }
  // https://no-color.org: whatever it is set to, unless to nothing.
  const isColoured = io.isOutTerminal === true && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
  return {
    language,
    paint: (tone, text) => (isColoured ? `\u001b[${tones[tone]}m${text}\u001b[0m` : text),
    bilingual: lang === undefined,
    json,
    value: (value) => {
      if (json) io.out(`${JSON.stringify(value)}\n`)
    },
    say: (words, more) => line(filled(words[language], more)),
    line,
    warn: (words, more) => {
      if (!quiet) io.err(`${filled(words[language], more)}\n`)
    },
  }
}

function languageOf(lang: string | undefined, env: Io['env']): Language {
  if (lang === 'zh' || lang === 'en') return lang
  return /^zh/i.test(env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '') ? 'zh' : 'en'
}

/** Exit codes: sysexits.h for what is not a verdict. */
export const exitCodes = {
  fine: 0,
  invalid: 1,
  undetermined: 2,
  usage: 64,
  internal: 70,
  io: 74,
  /** Ended by a signal before it was done, as shells say it of SIGINT. */
  interrupted: 130,
} as const

/** Errors whose cause is a file that is missing, unreadable or damaged, or a store that cannot be used. */
const ioErrors: ReadonlySet<string> = new Set([
  'carrier.not_found',
  'carrier.archive_damaged',
  'carrier.archive_refused',
  'carrier.damaged',
  'carrier.encrypted',
  'carrier.scripted',
  'carrier.too_large',
  'carrier.bomb',
  'carrier.too_many_parts',
  'carrier.nothing_inside',
  'page.not_built',
  'file.too_large',
  'registry.unusable',
  'registry.locked',
  'registry.damaged',
  'registry.replaced',
  'registry.missing',
  'package.missing',
  'cli.state_malformed',
  'registry.version_unknown',
  'trust.file_malformed',
  'evidence.file_malformed',
  'evidence.item_altered',
  'workspace.not_found',
  'workspace.key_missing',
  'workspace.file_malformed',
  'workspace.list_size_settled',
  'workspace.registry_of_another',
  'batch.worker_of_another_key',
  'anchor.endpoint_failed',
  'anchor.file_malformed',
  'log.not_found',
  'log.damaged',
  'log.witness_unknown',
  'file.locked',
  'server.cannot_listen',
  'server.tls_malformed',
  'render.not_a_picture',
  'render.picture_refused',
  'render.nothing_baked',
  'render.text_unfit',
  'render.text_not_printed',
])

/** Errors that no input and no file explains. */
const faults: ReadonlySet<string> = new Set([
  'batch.worker_failed',
  'batch.worker_lost',
  'batch.queue_of_other_version',
  'batch.dead_letters',
])

/** Says what went wrong and gives the exit code for it. Stacks only with `GRADECERT_DEBUG`. */
export function reportError(error: unknown, io: Io, language: Language): number {
  if (io.env.GRADECERT_DEBUG !== undefined && error instanceof Error) io.err(`${error.stack}\n`)
  if (error instanceof CodedError) {
    io.err(`${error.code}: ${visible(error.explain(language))}\n`)
    if (faults.has(error.code)) return exitCodes.internal
    return ioErrors.has(error.code) ? exitCodes.io : exitCodes.usage
  }
  const { code, path } = error as { code?: string; path?: string }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    io.err(`${filled(systemFault[language], { code, path: path ?? '' })}\n`)
    return exitCodes.io
  }
  io.err(`${filled(ourFault[language], { what: error instanceof Error ? error.name : 'Error' })}\n`)
  return exitCodes.internal
}

const systemFault: Words = {
  en: '{code}: {path} could not be read or written. Check rights and free space, then run again: nothing is done twice.',
  zh: '{code}：无法读写 {path}。请检查权限和磁盘空间后重试，不会重复签发。',
}
const ourFault: Words = {
  en: 'A fault of gradecert ({what}). Nothing was lost; run with GRADECERT_DEBUG=1 and report what it prints.',
  zh: 'gradecert 内部错误（{what}）。数据未丢失；请设置 GRADECERT_DEBUG=1 重新运行并反馈输出。',
}
