/** Cards as PNG pictures. The only file that imports `@resvg/resvg-wasm`; it is loaded, and compiled once, when a card is first drawn. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { bakePng } from './bake.ts'
import { type CardOptions, drawCard, type Stated } from './card.ts'
import { glyphsOf, missingIn } from './glyphs.ts'

export interface PngOptions {
  /** TrueType or OpenType fonts; of those that have a character the first is used for it. */
  readonly fonts: readonly Uint8Array[]
  /** Pixels from left to right. */
  readonly width?: number
}

/** Draws cards, all with the same fonts. */
export type DrawPng = (certificate: Stated, credential: string, options?: CardOptions) => Bytes

/**
 * What draws certificates as PNG cards with the certificate baked in. The same certificate and fonts give the same bytes.
 *
 * @throws `render.font_unreadable`; drawing throws `render.glyph_missing` before it would leave a blank, and `render.text_unfit`
 * @example
 * const draw = await pngCards({ fonts: [await readFile('NotoSansSC-Regular.ttf')] })
 * await writeFile('card.png', draw(certificate, secured.text))
 */
export async function pngCards({ fonts, width = 1600 }: PngOptions): Promise<DrawPng> {
  const glyphs = fonts.map((font, i) => {
    const found = glyphsOf(font)
    if (found === null) throw new CertificateError('render.font_unreadable', { number: i + 1 })
    return found
  })
  const Resvg = await renderer()
  return (certificate, credential, options) => {
    const { svg, texts } = drawCard(certificate, options)
    for (const { field, text } of texts) {
      const missing = missingIn(text, glyphs)
      if (missing !== null) throw new CertificateError('render.glyph_missing', { ...missing, field })
    }
    const drawing = new Resvg(svg, {
      font: { fontBuffers: [...fonts] },
      fitTo: { mode: 'width', value: width },
    })
    const picture = drawing.render()
    try {
      return bakePng(new Uint8Array(picture.asPng()), credential)
    } finally {
      picture.free()
      drawing.free()
    }
  }
}

let started: Promise<typeof import('@resvg/resvg-wasm').Resvg> | undefined

/** It can be started once in a process. */
function renderer() {
  started ??= start()
  return started
}

async function start() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  const place = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')
  await initWasm(await readFile(place))
  return Resvg
}
