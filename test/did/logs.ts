/** Logs of did:webvh for tests: entries with a fault, hashed and signed as if they had none. */
import type { Did } from '../../src/base/did-url.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { entryHash, scidOfDraft } from '../../src/did/webvh-log.ts'
import type { Signer } from '../../src/key/signer.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'

export const signerOf = (n: number) => signerOfSeed(new Uint8Array(32).fill(n))
export const instant = (text: string): Instant => text as Instant
export const day = (n: number): Instant => instant(`2026-03-${String(n).padStart(2, '0')}T09:00:00Z`)
export const now = instant('2026-04-01T00:00:00Z')

/** Any part of an entry; `versionId` only to have another than the right one. */
export type Entry = Readonly<Record<string, unknown>>

export const stateOf = (did: string, more: object = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/did/v1'],
  id: did,
  ...more,
})

/** The line of a first entry that states all that it must, changed before its SCID is taken. */
export async function firstLine(
  change: Entry = {},
  { by = signerOf(1), parameters = {} }: { by?: Signer; parameters?: object } = {},
): Promise<string> {
  const draft = {
    versionTime: day(1),
    parameters: {
      method: 'did:webvh:1.0',
      scid: '{SCID}',
      updateKeys: [signerOf(1).multikey],
      ...parameters,
    },
    state: stateOf('did:webvh:{SCID}:agency.example'),
    ...change,
  } as JsonObject
  const scid = scidOfDraft(draft)
  return signedLine(JSON.parse(JSON.stringify(draft).replaceAll('{SCID}', scid)), '1', scid, by)
}

/** The line of an entry after another. */
export async function nextLine(
  before: string,
  change: Entry = {},
  { by = signerOf(1) }: { by?: Signer } = {},
): Promise<string> {
  const { versionId, state } = JSON.parse(before)
  const number = Number(versionId.split('-')[0]) + 1
  const entry = { versionTime: day(number), parameters: {}, state, ...change }
  return signedLine(entry as JsonObject, String(number), versionId, by)
}

async function signedLine(entry: JsonObject, number: string, previous: string, by: Signer): Promise<string> {
  const versionId = entry.versionId ?? `${number}-${entryHash(entry, previous)}`
  return JSON.stringify(await signed({ ...entry, versionId }, by))
}

/** With a proof as log entries and witnesses' approvals have it. */
export const signed = (document: JsonObject, by: Signer, more: object = {}): Promise<JsonObject> =>
  addProof(document, {
    signer: by,
    suite: 'eddsa-jcs-2022',
    created: day(1),
    contexts: new Map(),
    ...more,
  })

/** The text of a log. */
export const lines = (...entries: readonly string[]): string => entries.map((line) => `${line}\n`).join('')

export const didOf = (line: string): Did => JSON.parse(line).state.id
