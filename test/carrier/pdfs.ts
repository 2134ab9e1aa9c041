/** PDFs made by hand, byte by byte: classic tables, table streams, packed objects, later versions; right ones and wrong ones. */
import { deflateSync } from 'node:zlib'

type Bytes = Uint8Array<ArrayBuffer>

/** Latin-1, so that a character is a byte. */
export const latin = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'latin1'))
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

export type Objects = Readonly<Record<number, string>>

/** A stream object; its length is right unless the dictionary says one. */
export const stream = (dictionary: string, data: Uint8Array | string): string => {
  const content = typeof data === 'string' ? data : text(data)
  const length = dictionary.includes('/Length') ? '' : ` /Length ${content.length}`
  return `<< ${dictionary}${length} >>\nstream\n${content}\nendstream`
}

export const flate = (data: Uint8Array | string, more = ''): string =>
  stream(`/Filter /FlateDecode ${more}`, deflateSync(data))

/** A document of one page with a list of attached files: object 4 is its file specification, 5 the file. */
export const withFile = (file: string, more: Objects = {}): Objects => ({
  1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(c.json) 4 0 R] >> >> >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
  4: '<< /Type /Filespec /F (c.json) /EF << /F 5 0 R >> >>',
  5: file,
  ...more,
})

export interface Form {
  readonly trailer?: string
  /** What stands before the objects: the versions that this one continues. */
  readonly before?: Bytes
}

const head = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'

function laidOut(objects: Objects, before: Bytes | undefined) {
  let body = before === undefined ? head : text(before)
  const offsets = new Map<number, number>()
  for (const [number, value] of Object.entries(objects)) {
    offsets.set(Number(number), body.length)
    body += `${number} 0 obj\n${value}\nendobj\n`
  }
  const prev = before === undefined ? '' : `/Prev ${startOf(before)} `
  return { body, offsets, prev }
}

export const startOf = (bytes: Bytes): string =>
  /startxref\n(\d+)/g.exec(text(bytes).slice(-60))?.[1] as string

/** With a table and a trailer. */
export function classic(objects: Objects, { trailer = '', before }: Form = {}): Bytes {
  const { body, offsets, prev } = laidOut(objects, before)
  const rows = [...offsets].map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
  const size = [...offsets.keys()].reduce((most, number) => Math.max(most, number), 0) + 1
  return latin(
    `${body}xref\n0 1\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} /Root 1 0 R ${prev}${trailer} >>\nstartxref\n${body.length}\n%%EOF\n`,
  )
}

export interface ModernForm {
  /** Rows of the table as differences from the row above. */
  readonly predictor?: boolean
  /** Objects in one stream. */
  readonly each?: number
  /** The number of the first object that is made beside those that are given. */
  readonly next?: number
}

/** With a table stream; objects that are no streams are packed into object streams of so many each. */
export function modern(
  objects: Objects,
  { trailer = '', before, predictor = false, each = 100, next: first = 0 }: Form & ModernForm = {},
): Bytes {
  const isStream = (value: string) => value.includes('endstream')
  const all = Object.entries(objects).map(([number, value]) => [Number(number), value] as const)
  const plain = all.filter(([, value]) => !isStream(value))
  let next = all.reduce((most, [number]) => Math.max(most, number + 1), first)
  const rows: [number, readonly number[]][] = []
  const containers: Record<number, string> = {}
  for (let i = 0; i < plain.length; i += each) {
    const some = plain.slice(i, i + each)
    let at = 0
    const places = some.map(([number, value]) => {
      const place = `${number} ${at}`
      at += value.length + 1
      return place
    })
    const list = `${places.join(' ')} `
    const container = next++
    containers[container] = flate(
      latin(list + some.map(([, value]) => value).join(' ')),
      `/Type /ObjStm /N ${some.length} /First ${list.length}`,
    )
    for (const [index, [number]] of some.entries()) rows.push([number, [2, container, index]])
  }
  const streams = Object.fromEntries(all.filter(([, value]) => isStream(value)))
  const { body, offsets, prev } = laidOut({ ...streams, ...containers }, before)
  for (const [number, at] of offsets) rows.push([number, [1, at, 0]])
  const self = next++
  rows.push([self, [1, body.length, 0]])
  rows.sort(([a], [b]) => a - b)
  const table = rows.map(([, [kind, second, third]]) => [kind, ...wide(second as number), third] as number[])
  const packed = predictor
    ? table.map((row, y) => [2, ...row.map((byte, x) => (byte - (table[y - 1]?.[x] ?? 0)) & 255)])
    : table
  const parameters = predictor ? '/DecodeParms << /Predictor 12 /Columns 6 >>' : ''
  const dictionary = `/Type /XRef /W [1 4 1] /Index [${rows.map(([number]) => `${number} 1`).join(' ')}] /Size ${next} /Root 1 0 R ${prev}${parameters} ${trailer}`
  const whole = `${body}${self} 0 obj\n${flate(new Uint8Array(packed.flat()), dictionary)}\nendobj\n`
  return latin(`${whole}startxref\n${body.length}\n%%EOF\n`)
}

const wide = (value: number): readonly number[] => [24, 16, 8, 0].map((bits) => (value >> bits) & 255)
