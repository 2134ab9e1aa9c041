/** `gradecert render`: certificates as documents for people, each with what was signed inside. Drawing judges nothing. */
import { basename, join } from 'node:path'
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { writeFileWhole } from '../base/files.ts'
import { lazily } from '../base/lazily.ts'
import type { MaybePromise } from '../base/platform.ts'
import { isNoCertificate } from '../carrier/read-inputs.ts'
import { fileName } from '../issue/entry-text.ts'
import { fontsFrom } from '../render/fonts.ts'
import type { FontFile } from '../render/pdf.ts'
import { type Command, readGiven } from './command.ts'
import { type Drawable, type DrawableOptions, drawables } from './drawable.ts'
import { sayNotRead } from './not-read.ts'
import { exitCodes } from './output.ts'

export interface RenderOptions extends DrawableOptions {
  readonly to: FormatName
  readonly out: string
  readonly font: readonly string[]
  readonly seal?: string
  readonly signature?: string
}

export const render: Command<RenderOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const format = formats[options.to]
  const count = { drawn: 0, notDrawn: 0, leftOut: 0, trial: 0, discloses: 0 }
  const refused = (file: string, error: CodedError) => {
    count.notDrawn++
    voice.value({ file, code: error.code, detail: error.detail })
    voice.warn(words.notDrawn, { file, code: error.code, what: error.explain(voice.language) })
  }
  const materials: Materials = {
    fonts: lazily(() => fontsFrom(options.font, io.env)),
    seal: await pictureAt(options.seal),
    signature: await pictureAt(options.signature),
    language: options.lang === 'en' ? 'en' : 'zh-CN',
  }
  const all = drawables(call, paths, {
    refused,
    leftOut: (file, why, detail) => {
      if (isNoCertificate(why)) count.leftOut++
      else {
        count.notDrawn++
        sayNotRead(voice, { file, why, detail })
      }
    },
    strangeCode: (file) => voice.warn(words.strangeCode, { file }),
  })
  const names = new Map<string, number>()
  for await (const group of groupsOf(all)) {
    for await (const { of, result } of format.draw(group, materials)) {
      if (result instanceof CodedError) {
        refused(of.file, result)
        continue
      }
      const { certificate, isTrial, form } = of
      const out = join(options.out, `${nameOf(of, names)}${format.extension}`)
      await writeFileWhole(out, result)
      count.drawn++
      if (isTrial) count.trial++
      voice.value({ file: of.file, number: certificate.number, out, trial: isTrial })
      if (form === 'sd-jwt' && 'idNumber' in certificate.holder) count.discloses++
    }
  }
  if (count.leftOut > 0) voice.warn(words.leftOut, { count: count.leftOut })
  if (count.trial > 0) voice.warn(words.trial, { count: count.trial })
  if (count.discloses > 0) voice.warn(words.discloses, { count: count.discloses })
  voice.say(words.drawn, { count: count.drawn, out: options.out })
  if (count.notDrawn > 0) return exitCodes.invalid
  return count.drawn === 0 ? exitCodes.undetermined : exitCodes.fine
}

export type FormatName = keyof typeof formats

/** What the drawings of a run share. */
interface Materials {
  /** Looked for when a drawing needs them. */
  readonly fonts: () => MaybePromise<readonly FontFile[]>
  readonly seal: Bytes | undefined
  readonly signature: Bytes | undefined
  readonly language: 'zh-CN' | 'en'
}

interface Format {
  readonly extension: string
  /** Draws some certificates, or says of each why not. */
  readonly draw: (
    group: readonly Drawable[],
    materials: Materials,
  ) => AsyncGenerator<{ readonly of: Drawable; readonly result: Bytes | CodedError }>
}

/** One row per format that is drawn; what draws it is loaded with it. */
const formats = {
  pdf: {
    extension: '.pdf',
    async *draw(group, { fonts: findFonts, seal, signature, language }) {
      const { faultIn, pdfMaker } = await import('../render/pdf.ts')
      const fonts = await findFonts()
      for (const isTrial of [false, true]) {
        const some = group.filter((one) => one.isTrial === isTrial)
        if (some.length === 0) continue
        const faults = new Map(some.map((one) => [one, faultIn(one.certificate, fonts)]))
        const certificates = some.filter((one) => faults.get(one) === null).map((one) => one.certificate)
        const maker = await pdfMaker({ certificates, fonts, seal, signature, language, isTrial })
        for (const of of some) yield { of, result: faults.get(of) ?? (await coded(() => maker.render(of))) }
      }
    },
  },
  svg: {
    extension: '.svg',
    async *draw(group) {
      const { svgCard } = await import('../render/card.ts')
      for (const of of group)
        yield { of, result: await coded(async () => svgCard(of.certificate, textOf(of), of)) }
    },
  },
  png: {
    extension: '.png',
    async *draw(group, { fonts }) {
      const { pngCards } = await import('../render/png.ts')
      const card = await pngCards({ fonts: (await fonts()).map(({ bytes }) => bytes) })
      for (const of of group)
        yield { of, result: await coded(async () => card(of.certificate, textOf(of), of)) }
    },
  },
} as const satisfies Readonly<Record<string, Format>>

/** What is baked into a card. */
const textOf = ({ text }: Drawable): string => new TextDecoder().decode(text).trimEnd()

async function coded(draw: () => Promise<Bytes>): Promise<Bytes | CodedError> {
  try {
    return await draw()
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
}

/** Certificates whose characters one cut of the fonts has: more of them share the work of cutting, fewer make smaller files. */
const groupSize = 64

async function* groupsOf(all: AsyncIterable<Drawable>): AsyncGenerator<readonly Drawable[]> {
  let group: Drawable[] = []
  for await (const one of all) {
    group.push(one)
    if (group.length < groupSize) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

const pictureAt = async (path: string | undefined): Promise<Bytes | undefined> =>
  path === undefined ? undefined : new Uint8Array(await readGiven(path))

/** `NUMBER`, `NUMBER.r2` for what took its place, `NUMBER.sd-jwt` for the other form; a name that is taken gets a count. */
function nameOf({ file, form, certificate }: Drawable, names: Map<string, number>): string {
  const number = fileName(certificate.number)
  const revision = basename(file).startsWith(`${number}.r`)
    ? (/^\.r\d+/.exec(basename(file).slice(number.length))?.[0] ?? '')
    : ''
  const name = `${number}${revision}${form === 'sd-jwt' ? '.sd-jwt' : ''}`
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name}-${count}`
}

const words = {
  drawn: {
    en: '{count} certificates drawn in {out}. What they say was not judged: verify them before they are handed out.',
    zh: '已在 {out} 生成 {count} 份证书。生成时未作验证，发放前请先验证。',
  },
  notDrawn: { en: '{file}: {code}: {what}', zh: '{file}：{code}：{what}' },
  leftOut: {
    en: '{count} files are no certificates by name or content and were left alone.',
    zh: '{count} 个文件从名称或内容看不是证书，未作处理。',
  },
  strangeCode: {
    en: 'The code beside {file} is of another certificate and was left out: make it anew with `gradecert code`.',
    zh: '{file} 旁的二维码文本不属于该证书，未采用：请用 `gradecert code` 重新生成。',
  },
  trial: {
    en: '{count} are of an agency that only a trial list names: they are drawn as trials, without seal and signature.',
    zh: '其中 {count} 份的签发机构仅见于试用列表：已按试用样张生成，不含印章和签名。',
  },
  discloses: {
    en: '{count} show the ID number, and whoever has the file can read it: disclose less with `gradecert present`.',
    zh: '其中 {count} 份含证件号码，持有该文件者均可读取：可用 `gradecert present` 减少披露。',
  },
} as const
