/** A calendar on this machine: it answers digests with what is pending, and upgrades when it is told a block. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Operation, varuint } from '../../src/anchor/path.ts'
import { type TimestampTree, treeBytes } from '../../src/anchor/timestamp.ts'
import { type Bytes, concat, toHex } from '../../src/base/bytes.ts'

export interface TestCalendar {
  readonly url: string
  /** What was asked, method and path. */
  readonly asked: string[]
  /** Answers by `METHOD path`: a status and bytes. Digests are taken unless something else is set for them. */
  readonly answers: Map<string, readonly [status: number, bytes: Bytes]>
  close(): Promise<void>
}

export async function startCalendar(): Promise<TestCalendar> {
  const asked: string[] = []
  const answers: TestCalendar['answers'] = new Map()
  let url = ''
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const name = `${request.method} ${request.url}`
      asked.push(name)
      const known = answers.get(name)
      if (known !== undefined) return response.writeHead(known[0]).end(known[1])
      if (name !== 'POST /digest')
        return response.writeHead(404).end('Pending confirmation in Bitcoin blockchain')
      response.writeHead(200).end(treeBytes(pendingTree(url)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    answers,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What a calendar appends to a digest before it hashes it into its own tree. */
export const calendarStep: readonly Operation[] = [
  { op: 'append', data: Uint8Array.of(1, 2, 3) },
  { op: 'sha256' },
]

export const pendingTree = (uri: string): TimestampTree =>
  chained(calendarStep, [{ attestation: { is: 'pending', uri } }])

export const chained = (path: readonly Operation[], end: TimestampTree): TimestampTree =>
  path.reduceRight<TimestampTree>((below, operation) => [{ operation, below }], end)

/** A block's attestation, as a calendar sends it for a message that it knows. */
export const inBlock = (path: readonly Operation[], height: number): Bytes =>
  treeBytes(chained(path, [{ attestation: { is: 'bitcoin', height } }]))

export const timestampPath = (message: Bytes): string => `GET /timestamp/${toHex(message)}`

/** A tree of a length that nobody should read. */
export const endless = (): Bytes => concat(Uint8Array.of(0xf0), varuint(4096), new Uint8Array(100_000))
