import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, utf8 } from '../../src/base/bytes.ts'
import { openBytes } from '../../src/intake/encoding.ts'
import { checkCharacter, readIdDocument } from '../../src/intake/id-number.ts'
import { judge } from '../../src/intake/judge.ts'
import { readResults } from '../../src/intake/results-file.ts'
import { headers, type Row, row } from './dirty-rows.ts'
import { clock, csvOf, fileOf, judgeRows } from './given.ts'

/** Private-use characters whose place GB18030 changed between its editions. */
const moved = /[\ue5e5\ue78d-\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864]/

/** Texts that no encoding may change: whole characters, nothing that looks like a file of another kind. */
const plainText = fc
  .string({
    unit: fc.constantFrom(...'姓名张伟𠮷㛃䶮·,;\t"é×0123456789aZ-\u3000'),
    minLength: 1,
    maxLength: 200,
  })
  .filter((text) => text.trim() !== '' && !moved.test(text))

const bytesOf = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

describe('bytes of any kind', () => {
  test('are read or refused, never thrown at', async () => {
    const heads = [
      bytesOf(new Uint8Array()),
      utf8(csvOf([row()])),
      utf8('{"name":'),
      Uint8Array.of(0x50, 0x4b, 3, 4),
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), async (head, tail) => {
        const reading = await readResults(concat(head, bytesOf(tail)), { name: 'any' })
        if (reading.ok) judge([reading.file], clock)
      }),
    )
  })

  test('of a good file, cut anywhere, issue nothing that the whole file would not', async () => {
    const bytes = utf8(csvOf([row(), row({ 证件号码: '110000199003077086' })]))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        const reading = await readResults(bytes.slice(0, length), { name: 'cut' })
        const { records } = judge(reading.ok ? [reading.file] : [], clock)
        for (const judged of records) {
          if (judged.verdict === 'issue') expect(judged.result).toMatchObject({ theory: 80, practical: 75 })
        }
      }),
    )
  })
})

describe('text', () => {
  test.each<[encoding: string, encode: (text: string) => Uint8Array]>([
    ['utf-8-bom', (text) => utf8(`\ufeff${text}`)],
    ['utf-16le', (text) => iconv.encode(`\ufeff${text}`, 'utf-16le')],
    ['utf-16be', (text) => iconv.encode(`\ufeff${text}`, 'utf-16be')],
    ['gb18030', (text) => iconv.encode(`\ufeff${text}`, 'gb18030')],
  ])('in %s comes back as it was', (encoding, encode) => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(openBytes(bytesOf(encode(text)))).toMatchObject({ encoding, text, cut: false })
      }),
    )
  })

  test('in UTF-8 without a mark comes back as it was', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(openBytes(utf8(text))).toMatchObject({ encoding: 'utf-8', text, cut: false })
      }),
    )
  })

  test('of any cell survives CSV with any separator', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'甲a,;\t" \n'), maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        async (cells, separator) => {
          const rows = cells.map((备注): Row => row({ 备注 }))
          const file = await fileOf(csvOf(rows, separator))
          expect([...file.records].map((record) => record.cells[headers.indexOf('备注')])).toEqual(cells)
        },
      ),
    )
  })
})

describe('the check character', () => {
  const digits = fc.array(fc.nat({ max: 9 }), { minLength: 17, maxLength: 17 }).map((all) => all.join(''))
  const fits = (number: string) => checkCharacter(number.slice(0, 17)) === number[17]

  test('catches any one digit that is changed', () => {
    fc.assert(
      fc.property(digits, fc.nat({ max: 16 }), fc.nat({ max: 9 }), (body, at, digit) => {
        fc.pre(body[at] !== String(digit))
        const number = body + checkCharacter(body)
        expect(fits(`${number.slice(0, at)}${digit}${number.slice(at + 1)}`)).toBe(false)
      }),
    )
  })

  test('catches any two neighbours that are swapped', () => {
    fc.assert(
      fc.property(digits, fc.nat({ max: 15 }), (body, at) => {
        fc.pre(body[at] !== body[at + 1])
        const number = body + checkCharacter(body)
        expect(fits(`${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`)).toBe(
          false,
        )
      }),
    )
  })

  test('never lets a number be repaired', () => {
    const cells = { type: '居民身份证', numeric: false, today: '2026-01-20' as never }
    fc.assert(
      fc.property(digits, fc.constantFrom(...'0123456789X'), (body, last) => {
        const { value } = readIdDocument({ ...cells, number: body + last })
        if (value !== undefined) expect(value.number).toBe(body + last)
      }),
    )
  })
})

describe('verdicts', () => {
  test('of any cells are given without an exception, and only sound rows are issued', async () => {
    const word = fc.constantFrom(
      '',
      '合格',
      '缺考',
      '80',
      '59.99',
      '-1',
      '2026-01-10',
      '护照',
      '初级',
      '张伟',
      '="1"',
      "'x",
      '110000199003077019',
    )
    const text = fc.oneof(
      word,
      fc.string({ maxLength: 10 }).filter((cell) => !cell.includes('\0')),
    )
    const changes = fc.dictionary(fc.constantFrom(...headers), text, { maxKeys: 4 })
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const [judged] = await judgeRows(row(changed))
        if (judged?.verdict !== 'issue') return
        const { theory, practical, idNumber, name } = judged.result
        expect(Math.min(theory, practical)).toBeGreaterThanOrEqual(60)
        expect([idNumber, name]).not.toContain('')
      }),
      { numRuns: 300 },
    )
  })
})
