/** `gradecert inspect`: what a file of evidence or of trust holds, where and when it was got, and until when each item counts. */
import type { Bytes } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { visible } from '../base/visible.ts'
import { type EvidenceItem, evidenceFileLimit, readEvidence } from '../evidence/evidence.ts'
import { type Freshness, freshnessOf } from '../evidence/freshness.ts'
import { readTrust, type TrustRoot, trustFileType } from '../trust/trust.ts'
import { type Command, clockOf, readFrom } from './command.ts'
import { nameOf } from './gather.ts'
import { exitCodes } from './output.ts'

export const inspect: Command<object, [path: string]> = async (call, path) => {
  const { voice } = call
  const now = clockOf(call)
  const { roots, items } = await readFrom(path, contentsOf)
  for (const { id, keys } of roots) {
    voice.value({ kind: 'trust-root', id, ...(keys && { keys }) })
    voice.line(`· trust-root  ${visible(id)}`)
  }
  let stale = 0
  for (const item of items) {
    const { kind, url, document, got } = item
    const fresh = freshnessOf(item, now)
    if (fresh.state === 'stale') stale++
    const digest = digestJson(document)
    voice.value({ kind, url, digest, ...(got && { got }), ...fresh, ...summaryOf(document) })
    voice.line(`${marks[fresh.state]} ${kind}  ${visible(url)}`)
    voice.line(`    sha256 ${digest}`)
    if (got !== undefined) voice.say(words.got, { at: got.at, from: got.from })
    if (fresh.from !== undefined || fresh.until !== undefined) {
      voice.say(words.span, { from: fresh.from ?? '–', until: fresh.until ?? '–' })
    }
  }
  voice.say(words.summary, { count: items.length, stale })
  return stale > 0 ? exitCodes.undetermined : exitCodes.fine
}

interface Contents {
  readonly roots: readonly TrustRoot[]
  readonly items: readonly EvidenceItem[]
}

/** Lists of a trust file are told like those that were gathered. */
function contentsOf(bytes: Bytes): Contents {
  const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
  if (!parsed.ok || !isObject(parsed.value) || parsed.value.type !== trustFileType) {
    return { roots: [], items: readEvidence(bytes).items }
  }
  const { roots, lists } = readTrust(bytes)
  const kind = 'trust-list'
  return {
    roots,
    items: lists.filter(isObject).map((document) => ({ kind, url: nameOf(kind, document), document })),
  }
}

const marks: Readonly<Record<Freshness['state'], string>> = { fresh: '✔', stale: '✘', timeless: '·' }

/** The number of a list, where it has one. */
function summaryOf({ credentialSubject: subject }: JsonObject): { readonly sequence?: number } {
  return isObject(subject) && typeof subject.sequence === 'number' ? { sequence: subject.sequence } : {}
}

const words = {
  got: { en: '    got {at} from {from}', zh: '    {at} 取自 {from}' },
  span: { en: '    counts from {from} until {until}', zh: '    有效期 {from} 至 {until}' },
  summary: { en: '{count} items, {stale} of them stale.', zh: '共 {count} 项，其中 {stale} 项已过期。' },
} as const
