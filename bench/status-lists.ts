/**
 * What status lists cost on this machine: `node bench/status-lists.ts [--json FILE]`. Written: from the slots of certificates
 * and a secret that was never used before to the signed text, the order of the list included. Read: from the text to every
 * status at hand, its signature verified. The floor is node:zlib on the same bits. Nothing here is a test.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { constants, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import type { Bytes } from '../src/base/bytes.ts'
import type { Instant } from '../src/base/instant.ts'
import { isObject, parseJson } from '../src/base/json.ts'
import { contextTable } from '../src/credential/contexts.ts'
import { indexesIn } from '../src/issue/status-slots.ts'
import { signerOfSeed } from '../src/key/signer.ts'
import { addProof } from '../src/securing/add-proof.ts'
import { openDataIntegrity, verifyProof } from '../src/securing/data-integrity.ts'
import { verifyJws } from '../src/securing/jws.ts'
import { bitAt, type ListEntries } from '../src/status/bitstring.ts'
import { bitsOf, readStatusList, statusListCredential } from '../src/status/status-list.ts'
import {
  decodeStatuses,
  openTokenStatusList,
  signTokenStatusList,
  tokenStatusAt,
  tokenStatusListClaims,
} from '../src/status/token-status-list.ts'

const rounds = 15
const sizes = [131_072, 1_048_576] as const
/** Of all certificates, how many are revoked. */
const shares = [0, 0.01, 0.5] as const
/** Milliseconds for reading and for writing a list, as issue 6 asks for. */
const goals: Readonly<Record<(typeof sizes)[number], number>> = { 131072: 20, 1048576: 150 }

const signer = signerOfSeed(new Uint8Array(32).fill(1))
const url = 'https://agency.example/status/1'
const [from, until] = ['2026-03-01T00:00:00Z' as Instant, '2026-03-08T00:00:00Z' as Instant]

interface Form {
  readonly write: (
    slots: readonly number[],
    order: { secret: Bytes; entries: ListEntries },
  ) => Promise<string>
  /** How a status is looked up. */
  readonly read: (text: string) => Promise<(index: number) => number | null>
  readonly bitsToEntry: number
  readonly floor: { readonly write: (bits: Bytes) => Buffer; readonly read: (packed: Buffer) => Buffer }
}

const strongest = { level: constants.Z_BEST_COMPRESSION }

const forms: Readonly<Record<'bitstring' | 'token', Form>> = {
  bitstring: {
    async write(slots, order) {
      const list = statusListCredential({
        id: url,
        issuer: signer.controller,
        purpose: 'revocation',
        validFrom: from,
        validUntil: until,
        set: slots.map(indexesIn(1, 'badge', order)),
        entries: order.entries,
      })
      const contexts = contextTable()
      return JSON.stringify(
        await addProof(list, { signer, suite: 'eddsa-jcs-2022', created: from, contexts }),
      )
    },
    async read(text) {
      const parsed = parseJson(text)
      const opening = parsed.ok && isObject(parsed.value) ? openDataIntegrity(parsed.value) : null
      if (!opening?.ok) throw new Error('not opened')
      const { document, proofs, all } = opening.opened
      const context = { key: signer.publicKey, all, contexts: contextTable() }
      const [proof] = proofs
      const verified = proof && (await verifyProof(document, proof, context))
      const list = readStatusList(document)
      const bits = list && bitsOf(list)
      if (!verified?.ok || !bits?.ok) throw new Error('not read')
      return (index) => Number(bitAt(bits.bits, index))
    },
    bitsToEntry: 1,
    floor: { write: (bits) => gzipSync(bits, strongest), read: (packed) => gunzipSync(packed) },
  },
  token: {
    async write(slots, order) {
      const values = new Uint8Array(order.entries)
      const indexOf = indexesIn(1, 'sd-jwt', order)
      for (const slot of slots) values[indexOf(slot)] = 1
      const claims = tokenStatusListClaims({
        uri: url,
        issuer: signer.controller,
        iat: from,
        exp: until,
        bits: 2,
        values,
      })
      return signTokenStatusList(claims, signer)
    },
    async read(text) {
      const opening = openTokenStatusList(text)
      if (!opening.ok || (await verifyJws(opening.jws, signer.publicKey)) !== 'good')
        throw new Error('not opened')
      const { lst, bits } = opening.list
      const decoded = decodeStatuses(lst, bits)
      if (!decoded.ok) throw new Error('not read')
      return (index) => tokenStatusAt(decoded.statuses, index)
    },
    bitsToEntry: 2,
    floor: { write: (bits) => deflateSync(bits, strongest), read: (packed) => inflateSync(packed) },
  },
}

/** Median, least and most milliseconds. */
type Spread = readonly [median: number, least: number, most: number]

async function spreadOf(run: (round: number) => unknown): Promise<Spread> {
  const times: number[] = []
  for (let round = -2; round < rounds; round++) {
    const start = performance.now()
    await run(round)
    // The first two warm up.
    if (round >= 0) times.push(performance.now() - start)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return [sorted[rounds >> 1] as number, sorted[0] as number, sorted.at(-1) as number]
}

const rows: object[] = []
console.log(`${'milliseconds'.padEnd(40)}   median    least     most     goal     zlib    bytes`)

function report(id: string, spread: Spread, more: { goal: number; zlib: Spread; bytes: number }): void {
  const [median, least, most] = spread
  const { goal, zlib, bytes } = more
  const shown = [median, least, most, goal, zlib[0]].map((ms) => ms.toFixed(2).padStart(8))
  console.log(`${id.padEnd(40)} ${shown.join(' ')} ${String(bytes).padStart(8)}`)
  const [rate, floor] = [1000 / median, 1000 / zlib[0]]
  rows.push({
    id,
    median: rate,
    floor,
    ratio: rate / floor,
    milliseconds: { median, least, most, goal },
    bytes,
  })
}

for (const entries of sizes) {
  for (const [name, form] of Object.entries(forms)) {
    for (const share of shares) {
      const slots = Array.from({ length: entries * share }, (_, slot) => slot)
      const texts = new Map<number, string>()
      const orderOf = (round: number) => ({ secret: new Uint8Array(32).fill(round + 9), entries })
      const write = await spreadOf(async (round) => texts.set(round, await form.write(slots, orderOf(round))))
      const text = texts.get(0) as string
      const valueAt = await form.read(text)
      const indexOf = indexesIn(1, name === 'token' ? 'sd-jwt' : 'badge', orderOf(0))
      if (!slots.every((slot) => valueAt(indexOf(slot)) === 1)) throw new Error('a status is lost')
      const bits = new Uint8Array((entries * form.bitsToEntry) / 8)
      for (const slot of slots) {
        const at = indexOf(slot) * form.bitsToEntry
        bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7))
      }
      const packed = form.floor.write(bits)
      const id = `status/${name}/${entries}/${share * 100}%`
      const [goal, bytes] = [goals[entries], text.length]
      report(`${id}/write`, write, { goal, zlib: await spreadOf(() => form.floor.write(bits)), bytes })
      const read = await spreadOf(() => form.read(text))
      report(`${id}/read`, read, { goal, zlib: await spreadOf(() => form.floor.read(packed)), bytes })
    }
  }
}

const at = process.argv.indexOf('--json')
if (at > 0) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
  writeFileSync(process.argv[at + 1] as string, `${JSON.stringify({ machine, rows }, null, 2)}\n`)
}
