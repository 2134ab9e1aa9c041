import { decode as decodePng, encode as encodePng } from 'fast-png'
import { zlibSync } from 'fflate'
import { encode as encodeJpeg } from 'jpeg-js'
import jsQr from 'jsqr'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8, utf8Text } from '../../src/base/bytes.ts'
import { codesInPicture } from '../../src/carrier/picture-codes.ts'
import { pngPixels } from '../../src/carrier/png-pixels.ts'
import { paperCode } from '../../src/issue/paper-code.ts'
import { certificateOf, keyAgency, statusIndex, statusLists } from '../verify/scene.ts'
import { qrPixels } from './qr-pixels.ts'

const status = { index: statusIndex, lists: statusLists }
const code = await paperCode(certificateOf(keyAgency), { signer: keyAgency, status })

interface Scan {
  readonly width: number
  readonly height: number
  /** Pixels of a module, and how the paper lies. */
  readonly scale: number
  readonly angle?: number
  /** How far a pixel may be off, of 255. */
  readonly noise?: number
}

/** Grey pixels of a paper with the code in its lower right. */
function scanOf({ width, height, scale, angle = 0, noise = 0 }: Scan): Uint8Array {
  const { side, isDark } = qrPixels(code)
  const grey = new Uint8Array(width * height)
  const middle = (side * scale) / 2 + 8
  let state = 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - (width - middle * 1.2), y - (height - middle * 1.2)]
      const u = Math.floor((dx * Math.cos(angle) + dy * Math.sin(angle)) / scale + side / 2)
      const v = Math.floor((dy * Math.cos(angle) - dx * Math.sin(angle)) / scale + side / 2)
      state = (state * 48_271) % 2_147_483_647
      grey[y * width + x] = Math.max(0, (isDark(u, v) ? 30 : 235) - (state % (noise + 1)))
    }
  }
  return grey
}
/** Its types speak of a module, its file of a function. */
const readQr = jsQr as unknown as typeof jsQr.default

/** A4 at 100 dpi, a code 47 mm wide on it. */
const a4: Scan = { width: 827, height: 1169, scale: 2 }

const rgbaOf = (grey: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: grey.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : (grey[i >> 2] as number)))
const png = (picture: Parameters<typeof encodePng>[0]): Bytes => new Uint8Array(encodePng(picture))
const textIn = (bytes: Bytes) => {
  const found = codesInPicture(bytes)
  return 'ok' in found ? found.fault : found.map((text) => utf8Text(text))
}

describe('the code on a scanned paper', () => {
  const { width, height } = a4
  const grey = scanOf(a4)

  test('is read by another reader as well', () => {
    expect(readQr(new Uint8ClampedArray(rgbaOf(grey)), width, height)?.data).toBe(code)
  })

  test.each<[string, () => Bytes]>([
    ['grey', () => png({ width, height, data: grey, channels: 1, depth: 8 })],
    [
      'grey with opacity',
      () =>
        png({
          width,
          height,
          data: Uint8Array.from({ length: grey.length * 2 }, (_, i) =>
            i % 2 ? 255 : (grey[i >> 1] as number),
          ),
          channels: 2,
          depth: 8,
        }),
    ],
    [
      'colour',
      () =>
        png({
          width,
          height,
          data: Uint8Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)] as number),
          channels: 3,
          depth: 8,
        }),
    ],
    ['colour with opacity', () => png({ width, height, data: rgbaOf(grey), channels: 4, depth: 8 })],
    [
      '16 bits a sample',
      () =>
        png({ width, height, data: Uint16Array.from(grey, (value) => value * 257), channels: 1, depth: 16 }),
    ],
    ['JPEG', () => new Uint8Array(encodeJpeg({ width, height, data: rgbaOf(grey) }, 80).data)],
  ])('is found in %s', (_what, picture) => {
    expect(textIn(picture())).toEqual([code])
  })

  test.each<[string, Partial<Scan>]>([
    ['tilted', { angle: 0.06, scale: 3 }],
    ['turned', { angle: 2.6, scale: 3.2 }],
    ['noisy', { noise: 60 }],
  ])('is found on a paper that is %s', (_what, change) => {
    const scan = { ...a4, ...change }
    expect(textIn(png({ width, height, data: scanOf(scan), channels: 1, depth: 8 }))).toEqual([code])
  })

  test('pixels come out as another decoder has them', () => {
    const bytes = png({
      width: 40,
      height: 30,
      data: rgbaOf(Uint8Array.from({ length: 1200 }, (_, i) => (i * 7) % 256)),
      channels: 4,
      depth: 8,
    })
    expect(pngPixels(bytes)).toEqual({ width: 40, height: 30, data: new Uint8Array(decodePng(bytes).data) })
  })
})

describe('a picture from a stranger', () => {
  const chunk = (type: string, data: Uint8Array): Bytes => {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, data.length)
    return concat(length, utf8(type), new Uint8Array(data), new Uint8Array(4))
  }
  const head = (width: number, height: number, depth = 8, colour = 0, interlace = 0) => {
    const data = new Uint8Array(13)
    new DataView(data.buffer).setUint32(0, width)
    new DataView(data.buffer).setUint32(4, height)
    data.set([depth, colour, 0, 0, interlace], 8)
    return chunk('IHDR', data)
  }
  const segment = (marker: number, ...data: number[]) => [
    0xff,
    marker,
    (data.length + 2) >> 8,
    (data.length + 2) & 255,
    ...data,
  ]
  const repeated = (piece: readonly number[], times: number): Bytes => {
    const all = new Uint8Array(piece.length * times)
    for (let i = 0; i < times; i++) all.set(piece, i * piece.length)
    return all
  }
  const tables = (count: number) => repeated(segment(0xdb), count)
  /** Grey, and each scan says of all blocks in some bytes that nothing more is in them. */
  const progressive = (width: number, height: number, scans: number): Bytes => {
    const size = [height >> 8, height & 255, width >> 8, width & 255]
    const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
    const bits = `0${'1'.repeat(14)}`.repeat(Math.ceil(blocks / 32_767))
    const data = bits.match(/.{1,8}/g)?.flatMap((eight) => {
      const byte = Number.parseInt(eight.padEnd(8, '1'), 2)
      return byte === 0xff ? [byte, 0] : [byte]
    })
    return concat(
      Uint8Array.of(0xff, 0xd8, ...segment(0xdb, 0, ...Array<number>(64).fill(1))),
      Uint8Array.from(segment(0xc2, 8, ...size, 1, 1, 0x11, 0)),
      Uint8Array.from(segment(0xc4, 0x10, 1, ...Array<number>(15).fill(0), 0xe0)),
      repeated([...segment(0xda, 1, 1, 0, 1, 63, 0), ...(data as number[])], scans),
    )
  }
  const magic = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)
  const pngOf = (...chunks: Bytes[]) => concat(magic, ...chunks, chunk('IEND', new Uint8Array()))

  test.each<[string, Bytes, string]>([
    [
      'without a code',
      png({ width: 50, height: 50, data: new Uint8Array(2500).fill(200), channels: 1, depth: 8 }),
      'nothing_inside',
    ],
    [
      'of a terabyte',
      pngOf(head(1_000_000, 1_000_000), chunk('IDAT', zlibSync(new Uint8Array(100)))),
      'too_large',
    ],
    [
      'of 16 bits a sample that expands to 400 MB',
      pngOf(head(7000, 7000, 16, 6), chunk('IDAT', zlibSync(new Uint8Array(100)))),
      'too_large',
    ],
    ['of no width', pngOf(head(0, 5), chunk('IDAT', zlibSync(new Uint8Array(5)))), 'damaged'],
    [
      'that expands to more than it says',
      pngOf(head(8, 8), chunk('IDAT', zlibSync(new Uint8Array(50_000_000)))),
      'damaged',
    ],
    [
      'that has fewer pixels than it says',
      pngOf(head(8, 8), chunk('IDAT', zlibSync(new Uint8Array(10)))),
      'damaged',
    ],
    [
      'with a filter that is none',
      pngOf(head(1, 1), chunk('IDAT', zlibSync(Uint8Array.of(9, 0)))),
      'damaged',
    ],
    ['of a depth that is none', pngOf(head(1, 1, 7), chunk('IDAT', zlibSync(new Uint8Array(2)))), 'damaged'],
    ['that is interlaced', pngOf(head(1, 1, 8, 0, 1), chunk('IDAT', zlibSync(new Uint8Array(2)))), 'damaged'],
    [
      'without a palette',
      pngOf(head(1, 1, 8, 3), chunk('IDAT', zlibSync(new Uint8Array(2)))),
      'nothing_inside',
    ],
    [
      'that ends in a chunk',
      concat(magic, head(1, 1), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x49, 0x44, 0x41, 0x54, 0, 0, 0, 0)),
      'damaged',
    ],
    ['that is only a beginning', magic, 'damaged'],
    ['that is a JPEG of 49 million pixels', progressive(7000, 7000, 1), 'too_large'],
    ['that is a JPEG gone through a million times', progressive(3600, 3600, 200_000), 'bomb'],
    ['that is a JPEG of a million tables', concat(progressive(8, 8, 0), tables(100_000)), 'bomb'],
    ['that is a JPEG with as many scans as others have', progressive(64, 64, 10), 'nothing_inside'],
    ['that is only the beginning of a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), 'damaged'],
  ])('%s is refused, or has none', (_what, bytes, expected) => {
    const started = performance.now()
    expect(textIn(bytes)).toBe(expected)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test.each<[string, (jpeg: Bytes) => Bytes]>([
    [
      'a preview inside that looks like a picture of its own',
      (jpeg) => {
        const preview = [0xff, 0xd8, ...segment(0xc0, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0), 0xff, 0xd9]
        return concat(jpeg.slice(0, 2), Uint8Array.from(segment(0xe1, ...preview)), jpeg.slice(2))
      },
    ],
    [
      'a film behind it, as telephones put it there',
      (jpeg) => concat(jpeg, repeated([0xff, 0xda, 0, 9], 10_000)),
    ],
    ['marks that fill', (jpeg) => concat(jpeg.slice(0, 2), Uint8Array.of(0xff, 0xff, 0xff), jpeg.slice(2))],
  ])('a JPEG with %s is read all the same', (_what, change) => {
    const { width, height } = a4
    const jpeg = new Uint8Array(encodeJpeg({ width, height, data: rgbaOf(scanOf(a4)) }, 80).data)
    expect(textIn(change(jpeg))).toEqual([code])
  })

  test('changed anywhere is refused, or has none, or shows the code', () => {
    const small = png({ width: 30, height: 30, data: new Uint8Array(900).fill(9), channels: 1, depth: 8 })
    const jpeg = new Uint8Array(encodeJpeg({ width: 16, height: 16, data: new Uint8Array(1024) }, 50).data)
    for (const bytes of [small, jpeg])
      for (let at = 2; at < bytes.length; at++)
        expect(['damaged', 'too_large', 'nothing_inside']).toContain(
          textIn(bytes.map((byte, i) => (i === at ? byte ^ 0xff : byte))),
        )
  })
})
