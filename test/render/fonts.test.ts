import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fontsFrom, systemFonts } from '../../src/render/fonts.ts'
import { singleFont, tableOf } from '../../src/render/sfnt.ts'
import { subsetOf } from '../../src/render/subset.ts'
import { readTypeface } from '../../src/render/typeface.ts'
import { temporaryFolder } from '../cli/terminal.ts'
import { collectionOf, fontOf, noto, notoPath } from './some-fonts.ts'

describe('fonts are found', () => {
  test('where a person names them, in that order', async () => {
    const folder = await temporaryFolder()
    writeFileSync(`${folder}/rare.ttf`, (await fontOf('𠮷', '吉')).bytes)
    const fonts = await fontsFrom([`${folder}/rare.ttf`, notoPath], {})
    expect(fonts.map(({ name }) => name)).toEqual(['rare', 'NotoSansSC_400Regular'])
  })

  test('in the font package, where nobody names one', async () => {
    expect((await fontsFrom([], {})).map(({ name }) => name)).toEqual(['NotoSansSC_400Regular'])
  })

  test('in folders of the system: known ones that have Chinese, the best first', async () => {
    const folder = await temporaryFolder()
    mkdirSync(`${folder}/a/b`, { recursive: true })
    const chinese = await subsetOf(noto.bytes, '证书')
    const files: Readonly<Record<string, Uint8Array>> = {
      'a/wqy-zenhei.ttc': collectionOf(chinese),
      'a/b/NotoSansCJK-Regular.ttc': collectionOf(chinese),
      'a/b/NotoSansSC-Thin.ttf': chinese,
      'NotoSansSC-Latin.ttf': await subsetOf(noto.bytes, 'abc'),
      'simsun.ttc': new Uint8Array(64),
      'Other.ttf': chinese,
    }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes)
    expect((await systemFonts([folder])).map(({ name }) => name)).toEqual([
      'NotoSansCJK-Regular',
      'NotoSansSC-Thin',
      'wqy-zenhei',
    ])
  })

  test('nowhere: none is taken', async () => {
    expect(await systemFonts([await temporaryFolder(), '/no/such/folder'])).toEqual([])
  })
})

describe('a font file', () => {
  test('of a collection gives its first font, table by table the same', async () => {
    const font = await subsetOf(noto.bytes, '证书')
    const single = singleFont(collectionOf(font))
    for (const name of ['glyf', 'cmap', 'head', 'hmtx'])
      expect(tableOf(single as Uint8Array<ArrayBuffer>, name)).toEqual(tableOf(font, name))
    expect(readTypeface(single as Uint8Array<ArrayBuffer>)?.has(0x8bc1)).toBe(true)
    expect(tableOf(font, 'CFF ')).toBeNull()
  })

  test.each<[what: string, bytes: Uint8Array<ArrayBuffer>]>([
    ['empty', new Uint8Array()],
    ['a text', new TextEncoder().encode('wOF2 and nothing else of a font')],
    ['a collection that ends at once', new TextEncoder().encode('ttcf0000')],
    [
      'a collection of nothing',
      new Uint8Array([...new TextEncoder().encode('ttcf'), ...new Array(60).fill(0xff)]),
    ],
    ['cut off', noto.bytes.slice(0, 100_000)],
    ['a collection that is cut off', collectionOf(noto.bytes).slice(0, 100_000)],
  ])('that is %s is none', (_what, bytes) => {
    expect(singleFont(bytes)).toBeNull()
  })

  test('is cut down to the same bytes for the same characters', async () => {
    expect(await subsetOf(noto.bytes, '证书')).toEqual(await subsetOf(noto.bytes, '书证'))
  })
})
