/** Whose key it is: the key must be the issuer's, listed for assertions, and for did:web vouched for by a trust list. */
import { type Bytes, fromBase64 } from '../base/bytes.ts'
import { type ControllerId, splitMethodUrl } from '../base/did-url.ts'
import { epoch, epochOf, type Instant, instantAt } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import { findKey, findMethod, type MethodResult, type Relationship } from '../did/document.ts'
import { type DidFault, resolveController } from '../did/resolve.ts'
import { type PublicKey, thumbprint } from '../key/public-key.ts'
import type { ChainFault } from '../key/x5c.ts'
import { type KeyName, nameOfKey } from '../securing/opened.ts'
import { agencyEntries, type Inputs, isWithinInstants, type Resolved } from './inputs.ts'
import { type Check, pass, type Reasons, unknown } from './report.ts'
import type { ReadCredential } from './subject.ts'

export interface VouchedKey {
  readonly key: PublicKey
  readonly thumbprint: string
  /** From when on its document does not let it count: whether the signature is older is for the check on trust. */
  readonly endsAt?: Instant | undefined
}

export type KeyResult =
  /** At least one. Gathered documents may give several for one name, and only the signature can tell them apart. */
  { readonly ok: true; readonly candidates: readonly VouchedKey[]; readonly isFinal?: boolean } | KeyRefusal

interface KeyRefusal {
  readonly ok: false
  readonly outcome: 'fail' | 'unknown'
  readonly reason: Reasons['issuer']
  readonly detail: string
  /** Whether the issuer's own address says so, against which no other document counts. */
  readonly isFinal?: boolean
}

interface KeyUse {
  /** `assertionMethod` by default. */
  readonly relationship?: Relationship
  /** The moment by which the signature is proven to have been there: a key that ended later had not ended. */
  readonly existedBy?: Instant | undefined
  /** What the signature says of its own time. */
  readonly created?: string | undefined
}

/** Finds the key of `issuer` that a signature names. Used for certificates and status lists alike. The order of evidence says nothing. */
export function issuerKey(
  issuer: ControllerId,
  name: KeyName,
  inputs: Inputs,
  use: KeyUse = {},
): Promise<KeyResult> {
  if (name.by !== 'method') return findIssuerKey(issuer, name, inputs, use)
  const question = JSON.stringify([issuer, name.url, use])
  const known = inputs.foundKeys.get(question)
  if (known !== undefined) return known
  const finding = findIssuerKey(issuer, name, inputs, use)
  if (inputs.foundKeys.size < keptKeys) inputs.foundKeys.set(question, finding)
  return finding
}

/** Answers that are kept in one judgement of many. */
const keptKeys = 10_000

async function findIssuerKey(
  issuer: ControllerId,
  name: KeyName,
  inputs: Inputs,
  use: KeyUse,
): Promise<KeyResult> {
  const found = await keysNamed(issuer, name, use, inputs)
  const final = found.find((result) => result.isFinal)
  if (final !== undefined) return final
  const keys = found.flatMap((result) => (result.ok ? result.candidates : []))
  // A document that somebody brought proves nothing against the issuer: of two that differ the kinder one counts.
  const byEnd = keys.toSorted((a, b) => ((a.endsAt ?? '9999') < (b.endsAt ?? '9999') ? -1 : 1))
  const candidates = new Map(byEnd.map((vouched) => [vouched.thumbprint, vouched]))
  return candidates.size > 0
    ? { ok: true, candidates: [...candidates.keys()].toSorted().map((print) => candidates.get(print)!) }
    : (found.filter((result) => !result.ok).toSorted(byWeight)[0] as KeyRefusal) // one answer at least
}

/** What each piece of evidence says of the key; one answer at least. */
async function keysNamed(
  issuer: ControllerId,
  name: KeyName,
  use: KeyUse,
  inputs: Inputs,
): Promise<readonly KeyResult[]> {
  if (name.by === 'issuer-metadata') return metadataKeys(issuer, name, inputs)
  if (name.by === 'x5c') return [await chainKey(issuer, name.chain, inputs)]
  if (name.by === 'method') {
    const named = splitMethodUrl(name.url)
    if (named === null) return [refused('method_url_malformed', name.url)]
    if (named.controller !== issuer) return [refused('method_of_another_controller', name.url)]
  }
  const resolved = await resolutionsOf(issuer, inputs)
  return resolved.map((one) => keyIn(issuer, { name, ...use }, one, inputs))
}

/** The check, and for each proof the keys that may have made it. */
export async function checkIssuer(
  { issuer, opening }: Pick<ReadCredential, 'issuer' | 'opening'>,
  inputs: Inputs,
  {
    relationship = 'assertionMethod',
    existedBy = [],
  }: { readonly relationship?: Relationship; readonly existedBy?: readonly (Instant | undefined)[] } = {},
): Promise<[Check<'issuer'>, readonly (readonly VouchedKey[])[]]> {
  // Without a proof there is no key to look up; the check on the proof says why.
  if (!opening.ok) return [unknown('method_not_found', `no proof names a key of ${issuer}`), []]
  const keys: (readonly VouchedKey[])[] = []
  const refusals: KeyRefusal[] = []
  const { signatures } = opening.opened
  for (const [i, { key, created }] of signatures.entries()) {
    const found = await issuerKey(issuer, key, inputs, { relationship, existedBy: existedBy[i], created })
    if (found.ok) keys.push(found.candidates)
    else refusals.push(found)
  }
  // The order of proofs says nothing either: what is certain of one is not hidden by what is not known of another.
  const worst = refusals.toSorted(byWeight)[0]
  if (worst !== undefined) {
    return [{ outcome: worst.outcome, reason: worst.reason, detail: worst.detail.slice(0, 300) }, []]
  }
  return [pass({ id: issuer, keys: signatures.map(({ key }) => nameOfKey(key)) }), keys]
}

/** What each document of this name gives, found once. One answer at least. */
function resolutionsOf(issuer: ControllerId, inputs: Inputs): Promise<readonly Resolved[]> {
  const resolving = inputs.resolved.get(issuer) ?? resolve(issuer, inputs)
  if (inputs.resolved.size < rememberedLimit) inputs.resolved.set(issuer, resolving)
  return resolving
}

/** Issuers that are remembered in one judgement, and methods of each: strangers could name as many as they like. */
const rememberedLimit = 1024

/** The logs of a did:webvh are judged together. */
async function resolve(issuer: ControllerId, { didDocuments, now }: Inputs): Promise<readonly Resolved[]> {
  const gathered = didDocuments.filter(({ document }) => document.id === issuer)
  if (issuer.startsWith('did:webvh:')) {
    const documents = gathered.map(({ document }) => document)
    const resolution = await resolveController(issuer, new Map([[issuer, documents]]), { now })
    return [{ resolution, isFetched: gathered.some(({ isFetched }) => isFetched), methods: new Map() }]
  }
  if (gathered.length === 0 || isKeyItself(issuer)) {
    return [
      {
        resolution: await resolveController(issuer, new Map(), { now }),
        isFetched: false,
        methods: new Map(),
      },
    ]
  }
  return Promise.all(
    gathered.map(async ({ document, isFetched }) => ({
      resolution: await resolveController(issuer, new Map([[issuer, document]]), { now }),
      isFetched,
      methods: new Map(),
    })),
  )
}

const isKeyItself = (issuer: ControllerId): boolean => /^did:(?:key|jwk):/.test(issuer)

function keyIn(
  issuer: ControllerId,
  { name, relationship = 'assertionMethod', existedBy, created }: KeyUse & { readonly name: MethodOrKey },
  resolved: Resolved,
  inputs: Inputs,
): KeyResult {
  const { resolution, isFetched } = resolved
  if (!resolution.ok) {
    return {
      ok: false,
      outcome: certainFaults.has(resolution.fault) ? 'fail' : 'unknown',
      reason: resolution.fault,
      detail: issuer,
    }
  }
  const { proven } = resolution
  const method =
    name.by === 'method'
      ? methodOnce(resolution.document, name.url, relationship, resolved.methods)
      : findKey(resolution.document, name.key, relationship)
  // A document that somebody brought proves nothing against the issuer either, nor does a log, which may have gone on.
  if (!method.ok) {
    const outcome = isKeyItself(issuer) ? 'fail' : 'unknown'
    return { ok: false, outcome, reason: method.fault, detail: method.detail }
  }
  const print = thumbprint(method.key)
  if (proven !== 'self' && !isVouched(issuer, print, isFetched, inputs)) {
    return { ok: false, outcome: 'unknown', reason: 'key_not_vouched', detail: nameOfKey(name) }
  }
  const lived = existedBy === undefined ? inputs.nowMs : Math.min(inputs.nowMs, epoch(existedBy))
  if (method.endsAt !== null && lived >= method.endsAt) {
    const detail = isWithinInstants(method.endsAt) ? instantAt(method.endsAt) : nameOfKey(name)
    const claimed = created === undefined ? null : epochOf(created)
    // A certificate may have been signed before; the check on trust has to say what that is worth.
    if (inputs.asks === 'certificate' && claimed !== null && claimed < method.endsAt) {
      const endsAt = isWithinInstants(method.endsAt) ? instantAt(method.endsAt) : inputs.now
      return { ok: true, candidates: [{ key: method.key, thumbprint: print, endsAt }], isFinal: isFetched }
    }
    return { ...refused('key_ended', detail), isFinal: isFetched }
  }
  return { ok: true, candidates: [{ key: method.key, thumbprint: print }] }
}

/** Thousands of certificates name one method. */
function methodOnce(
  document: Json,
  url: string,
  relationship: Relationship,
  methods: Resolved['methods'],
): MethodResult {
  const name = `${relationship} ${url}`
  const found = methods.get(name) ?? findMethod(document, url, relationship)
  if (methods.size < rememberedLimit) methods.set(name, found)
  return found
}

type MethodOrKey = Extract<KeyName, { readonly by: 'method' | 'jwk' }>

/** What an identifier or its controller says against itself; everything else may be found out another day. */
const certainFaults: ReadonlySet<DidFault> = new Set(['did_malformed', 'did_deactivated'])

/** A trust list that names the key speaks for it; of other credentials' issuers, the address that the caller asked itself. */
function isVouched(issuer: ControllerId, print: string, isFetched: boolean, inputs: Inputs): boolean {
  return (
    (inputs.asks === 'any' && isFetched) ||
    agencyEntries(inputs, issuer).some(({ keys }) => keys.some((key) => key.thumbprint === print))
  )
}

/** SD-JWT VC, section 3.5: keys that an issuer lists under its own address. */
async function metadataKeys(
  issuer: ControllerId,
  { issuer: other, kid }: Extract<KeyName, { readonly by: 'issuer-metadata' }>,
  inputs: Inputs,
): Promise<readonly KeyResult[]> {
  if (other !== issuer) return [refused('method_of_another_controller', other)]
  const gathered = inputs.issuerMetadata.filter(({ document }) => document.issuer === issuer)
  if (gathered.length === 0) {
    return [{ ok: false, outcome: 'unknown', reason: 'issuer_metadata_not_at_hand', detail: issuer }]
  }
  const { keyOfMetadata } = await import('./issuer-metadata.ts')
  const found: KeyResult[] = []
  for (const one of gathered) {
    const named = keyOfMetadata(one.document, issuer, kid)
    if (!named.ok) {
      found.push({ ok: false, outcome: 'unknown', reason: named.reason, detail: named.detail })
      continue
    }
    const print = thumbprint(named.key)
    found.push(
      isVouched(issuer, print, one.isFetched, inputs)
        ? { ok: true, candidates: [{ key: named.key, thumbprint: print }] }
        : { ok: false, outcome: 'unknown', reason: 'key_not_vouched', detail: issuer },
    )
  }
  return found
}

/** SD-JWT VC, section 3.5: a chain to a root that the caller named, whose first certificate is for the issuer. */
async function chainKey(
  issuer: ControllerId,
  chain: readonly Bytes[],
  { now, policy }: Inputs,
): Promise<KeyResult> {
  const { verifyChain } = await import('../key/x5c.ts')
  const roots = policy.certificateRoots.flatMap((text) => fromBase64(text) ?? [])
  const verified = await verifyChain(chain, { roots, now })
  if (!verified.ok) {
    return {
      ok: false,
      outcome: openChainFaults.has(verified.fault) ? 'unknown' : 'fail',
      reason: 'certificate_not_trusted',
      detail: `${verified.fault}, ${verified.detail}`,
    }
  }
  const host = issuer.startsWith('https://') ? new URL(issuer).hostname : null
  if (!verified.names.some((name) => name === issuer || name.toLowerCase() === host)) {
    return refused('certificate_not_trusted', `not for ${issuer}`)
  }
  return { ok: true, candidates: [{ key: verified.key, thumbprint: thumbprint(verified.key) }] }
}

/** Another verifier may name the root that this one did not, or know an algorithm more. */
const openChainFaults: ReadonlySet<ChainFault> = new Set(['chain_root_unknown', 'certificate_algorithm'])

const refused = (reason: Reasons['issuer'], detail: string): KeyRefusal => ({
  ok: false,
  outcome: 'fail',
  reason,
  detail,
})

/** Of several gathered documents those that give a key count, then the one that says it has ended. */
const byWeight = (a: KeyRefusal, b: KeyRefusal): number => (weight(a) < weight(b) ? -1 : 1)

const weight = ({ outcome, reason, detail }: KeyRefusal): string =>
  `${outcome === 'fail' ? 0 : 1} ${reason} ${detail}`
