/** `gradecert bake` and `unbake`: a credential into a picture, and out of one. */
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import type { Carrier } from '../carrier/carried.ts'
import { png } from '../carrier/png.ts'
import { svg } from '../carrier/svg.ts'
import { bakePng, bakeSvg } from '../render/bake.ts'
import { openText } from '../securing/open.ts'
import { tokenIn } from '../securing/subject.ts'
import { type Command, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export interface BakeOptions {
  readonly with: string
  readonly out: string
}

export const bake: Command<BakeOptions, [picture: string]> = async ({ voice, options }, path) => {
  const { picture, form } = await pictureAt(path)
  const certificate = new Uint8Array(await readGiven(options.with))
  const opening = await openText(certificate)
  if (!opening.ok) {
    throw new CertificateError('render.text_unfit', { what: `${options.with}: ${opening.fault}` })
  }
  const token = tokenIn(certificate)
  const baked = form.bake(picture, token ?? (utf8Text(certificate) as string))
  await writeFileWhole(options.out, baked)
  voice.value({ out: options.out, kind: form.carrier.kind, bytes: baked.length })
  voice.say(words.baked, { out: options.out })
  if (token?.includes('~')) voice.warn(words.discloses)
  return exitCodes.fine
}

export interface UnbakeOptions {
  readonly out?: string
}

export const unbake: Command<UnbakeOptions, [picture: string]> = async ({ io, voice, options }, path) => {
  const { picture, form } = await pictureAt(path)
  const carrying = await form.carrier.read(picture)
  if (!carrying.ok) {
    throw carrying.fault === 'nothing_inside'
      ? new CertificateError('render.nothing_baked', { path, what: carrying.detail })
      : new CertificateError('render.picture_refused', { fault: carrying.fault, what: carrying.detail })
  }
  const [text] = carrying.carried.texts as readonly [Bytes]
  if (options.out === undefined) {
    if (voice.json) voice.value({ kind: form.carrier.kind, text: new TextDecoder().decode(text) })
    else io.out(printable(path, text))
  } else {
    await writeFileWhole(options.out, text)
    voice.value({ out: options.out, kind: form.carrier.kind, bytes: text.length })
    voice.say(words.unbaked, { out: options.out })
  }
  return exitCodes.fine
}

/** A stranger's text that a terminal takes for nothing but text. @throws `render.text_not_printed` */
function printable(path: string, bytes: Bytes): string {
  const text = new TextDecoder().decode(bytes)
  if (/[^\P{Cc}\t\r\n]/u.test(text)) throw new CertificateError('render.text_not_printed', { path })
  return `${text.trimEnd()}\n`
}

interface PictureForm {
  readonly carrier: Carrier
  readonly bake: (picture: Bytes, text: string) => Bytes
}

/** The sorts of pictures that Open Badges bakes. */
const pictureForms: readonly PictureForm[] = [
  { carrier: png, bake: bakePng },
  { carrier: svg, bake: bakeSvg },
]

/** @throws `render.not_a_picture` */
async function pictureAt(path: string): Promise<{ readonly picture: Bytes; readonly form: PictureForm }> {
  const picture = new Uint8Array(await readGiven(path))
  const form = pictureForms.find(({ carrier }) => carrier.begins(picture))
  if (form === undefined) throw new CertificateError('render.not_a_picture', { path })
  return { picture, form }
}

const words = {
  baked: {
    en: '{out} carries the certificate: `gradecert verify {out}` reads it back.',
    zh: '{out} 已内含证书，可用 `gradecert verify {out}` 验证。',
  },
  discloses: {
    en: 'Whoever has this picture can read all that the certificate discloses. Bake what `present` made for them.',
    zh: '持有该图片者可读出证书披露的全部内容。请只嵌入 `present` 生成的文本。',
  },
  unbaked: { en: 'The credential is in {out}.', zh: '凭证已写入 {out}。' },
} as const
