/** What all checks of one judgement share: evidence sorted by kind, trusted lists, one clock. */
import type { ChainState } from '../anchor/chains.ts'
import type { ControllerId, Did } from '../base/did-url.ts'
import { epoch, type Instant } from '../base/instant.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { type ContextTable, contextTable, type PinnedContext } from '../credential/contexts.ts'
import type { MethodResult } from '../did/document.ts'
import type { Resolution } from '../did/resolve.ts'
import { documentsOf, type Evidence, mergeEvidence } from '../evidence/evidence.ts'
import type { Binding } from '../securing/open.ts'
import type { AuthenticList, TrustedLists, UnusableList } from '../trust/chain.ts'
import { earliest } from '../trust/key-fault.ts'
import type { Trust } from '../trust/trust.ts'
import type { TrustedAgency } from '../trust/trust-list.ts'
import type { ProveByBatch } from './batch-proof.ts'
import type { BelievedList, ListKind } from './believed-lists.ts'
import type { KeyResult } from './issuer.ts'
import { type AgencyHistory, historyOf } from './key-histories.ts'
import type { Kinds } from './kinds.ts'
import { type Policy, policyDigest } from './policy.ts'

export interface Inputs {
  readonly now: Instant
  /** Milliseconds since 1970 of `now`. */
  readonly nowMs: number
  readonly policy: Policy
  /** The policy as reports name it. */
  readonly policyName: { readonly name: string; readonly digest: string }
  /** Whether facts tell every step with its inputs. */
  readonly explain: boolean
  /**
   * Certificates are vouched for by trust lists. For any other credential nobody but its issuer's own address speaks, and
   * only to whoever asked there.
   */
  readonly asks: 'certificate' | 'any'
  /** The occasion for which a holder must have made a presentation; `undefined` where that is not asked. */
  readonly binding: Binding | undefined
  readonly contexts: KnownContexts
  /** Documents of issuers that evidence brought. */
  readonly didDocuments: readonly Gathered[]
  /** What https issuers of SD-JWT VCs list as their keys. */
  readonly issuerMetadata: readonly Gathered[]
  /** Texts of schemas, and of credentials that hold one, by their address. */
  readonly schemas: ReadonlyMap<string, readonly string[]>
  /** Status lists as they were brought, by kind. */
  readonly lists: Readonly<Record<ListKind, readonly Json[]>>
  /** What was found out of them so far, by issuer and name: thousands of certificates share a few lists. */
  readonly believedLists: Map<string, Promise<readonly BelievedList[]>>
  /** Bytes of expanded lists that may still be kept: whoever brings the greatest lists must not fill the memory. */
  readonly room: { bytes: number }
  /** Keys that were looked up so far, by issuer, name and use: thousands of certificates share one. */
  readonly foundKeys: Map<string, Promise<KeyResult>>
  /** What was found of issuers so far: thousands of certificates share a few, and each entry of a log is verified once. */
  readonly resolved: Map<ControllerId, Promise<readonly Resolved[]>>
  /** Kinds of badges that were met so far. */
  readonly kinds: Kinds
  /** Bundles of anchors by the digest that they say they are of, base64url. */
  readonly anchors: ReadonlyMap<string, readonly JsonObject[]>
  /** `undefined` where every certificate is to be held to its own signature. */
  readonly proveByBatch: ProveByBatch | undefined
  /** What the verifier holds of logs and chains, with the notes that evidence brought; `undefined` where it named nothing. */
  readonly chains: (() => Promise<ChainState>) | undefined
  /** What agencies publish of their own keys, `{ id, entries }`. */
  readonly keyHistories: readonly Json[]
  /** What was found out of them so far, by agency. */
  readonly readHistories: Map<Did, Promise<AgencyHistory>>
  /** These inputs with fewer lists, by which ones: thousands of certificates share a few scopes. */
  readonly scoped: Map<string, Inputs>
  /** `undefined` where the caller named no trust. */
  readonly trusted: TrustedLists | undefined
}

/** Whether each certificate's own signature is verified, or its issuer's one signature over its whole batch is enough. */
export type ProofBy = 'signature' | 'batch'

/** Eight lists of the greatest length that are read, or 500 of a million entries. */
const listRoom = 67_108_864

/** What one document of an issuer gives, or the logs of a did:webvh together. */
export interface Resolved {
  readonly resolution: Resolution
  readonly isFetched: boolean
  /** What was found of its methods so far, by relationship and name. */
  readonly methods: Map<string, MethodResult>
}

/** Context documents by URL, which the caller knows and takes responsibility for: they give words their meaning. */
export type GivenContexts = Readonly<Record<string, JsonObject>>

export type KnownContexts = ReadonlyMap<string, KnownContext>

interface KnownContext {
  /** Of a pinned one. */
  readonly name?: PinnedContext['name']
  readonly load: () => Promise<JsonObject>
}

const given = (contexts: GivenContexts): readonly (readonly [string, KnownContext])[] =>
  Object.entries(contexts).map(([url, document]) => [url, { load: async () => document }])
/** The purpose of every token status list: it speaks of everything in its values. */
export const tokenPurpose = 'status'

/** A document with where it is from. */
export interface Gathered {
  readonly document: JsonObject
  /** Whether the caller has it from its own address. */
  readonly isFetched: boolean
}

export async function readInputs(options: {
  readonly trust: Trust | undefined
  readonly evidence: Evidence
  readonly fetched: Evidence
  readonly chains: ChainState | undefined
  readonly policy: Policy
  readonly explain?: boolean | undefined
  readonly asks: Inputs['asks']
  readonly proofBy?: ProofBy | undefined
  readonly binding: Binding | undefined
  readonly contexts: GivenContexts
  readonly now: Instant
}): Promise<Inputs> {
  const { trust, fetched, policy, asks, now } = options
  const evidence = mergeEvidence([options.evidence, fetched])
  const both = (kind: keyof typeof ownName) => [
    ...gathered(options.evidence, kind, false),
    ...gathered(fetched, kind, true),
  ]
  return {
    now,
    nowMs: epoch(now),
    policy,
    explain: options.explain === true,
    policyName: { name: policy.name, digest: policyDigest(policy) },
    asks,
    binding: options.binding,
    contexts: new Map<string, KnownContext>([...given(options.contexts), ...contextsOf(evidence)]),
    didDocuments: both('did-document'),
    issuerMetadata: both('issuer-metadata'),
    schemas: schemasOf(evidence),
    lists: {
      'status-list': documentsOf(evidence, 'status-list'),
      'token-status-list': documentsOf(evidence, 'token-status-list'),
    },
    believedLists: new Map(),
    room: { bytes: listRoom },
    foundKeys: new Map(),
    resolved: new Map(),
    kinds: { met: [], isAmongMany: false, misses: 0 },
    anchors: anchorsOf(evidence),
    proveByBatch: options.proofBy === 'batch' ? await proverIn(evidence) : undefined,
    chains: options.chains && withNotes(options.chains, evidence),
    keyHistories: documentsOf(evidence, 'key-history'),
    readHistories: new Map(),
    scoped: new Map(),
    trusted: trust && (await trustedBy(trust, evidence, { now, policy })),
  }
}

/** CID 1.0, section 3.3: what another's address answers in somebody's name is not from his own. */
const gathered = (evidence: Evidence, kind: keyof typeof ownName, isFetched: boolean): readonly Gathered[] =>
  evidence.items
    .filter((item) => item.kind === kind)
    .map(({ url, document }) => ({ document, isFetched: isFetched && document[ownName[kind]] === url }))

/** By which member a document says whose it is. */
const ownName = { 'did-document': 'id', 'issuer-metadata': 'issuer' } as const

/** All that was brought under an address, sorted: whoever brings another text there must not put the right one away. */
function schemasOf(evidence: Evidence): ReadonlyMap<string, readonly string[]> {
  const texts = documentsOf(evidence, 'schema')
    .filter(isObject)
    .flatMap(({ id, text }) =>
      typeof id === 'string' && typeof text === 'string' ? [[id, text] as const] : [],
    )
  const ids = new Set(texts.map(([id]) => id))
  const under = (id: string) => new Set(texts.flatMap(([one, text]) => (one === id ? [text] : [])))
  return new Map([...ids].map((id) => [id, [...under(id)].toSorted()]))
}

function anchorsOf(evidence: Evidence): ReadonlyMap<string, readonly JsonObject[]> {
  const bundles = new Map<string, JsonObject[]>()
  for (const document of documentsOf(evidence, 'anchor').filter(isObject)) {
    const name = isObject(document.subject) ? String(document.subject.digest).replace('sha-256:', '') : ''
    bundles.set(name, [...(bundles.get(name) ?? []), document])
  }
  return bundles
}

async function proverIn(evidence: Evidence): Promise<ProveByBatch | undefined> {
  const { batchProver } = await import('./batch-proof.ts')
  return batchProver(documentsOf(evidence, 'batch-statement'))
}

/** Notes are verified once, when the first anchor is judged. */
function withNotes(chains: ChainState, evidence: Evidence): () => Promise<ChainState> {
  const notes = documentsOf(evidence, 'chain-note')
    .filter(isObject)
    .flatMap(({ note }) => (typeof note === 'string' ? [note] : []))
  let state: Promise<ChainState> | undefined
  return () => {
    state ??= notes.length === 0 ? Promise.resolve(chains) : chains.withNotes(notes.toSorted())
    return state
  }
}

/** Other addresses of our own context. What else somebody brings under such an address changes nothing. */
function contextsOf(evidence: Evidence): ContextTable {
  const ours = evidence.items.filter(
    ({ kind, url, document }) =>
      kind === 'context' && contextTable({ [url]: document }).get(url)?.name === 'gradecert/v1',
  )
  return contextTable(Object.fromEntries(ours.map(({ url, document }) => [url, document])))
}

/** By their names and paths, so that the order in which lists came says nothing. What reads lists is loaded for the first. */
async function trustedBy(
  trust: Trust,
  evidence: Evidence,
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): Promise<TrustedLists> {
  const { trustedLists } = await import('../trust/chain.ts')
  const lists = documentsOf(evidence, 'trust-list')
  const { current, unusable } = await trustedLists(trust, lists, now, policy.clockSkew)
  return { current: sorted(current, pathName), unusable: sorted(unusable, unusableName) }
}

const pathName = ({ list, path }: AuthenticList): string =>
  JSON.stringify([list, ...path.map((step) => step.list)].flatMap(({ id, issuer }) => [id, issuer]))

const unusableName = ({ id, issuer, fault }: UnusableList): string => JSON.stringify([id, issuer, fault])

function sorted<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  const named = items.map((item) => ({ item, name: nameOf(item) }))
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ item }) => item)
}

/** What an agency says against its own keys. */
export function historyFrom(agency: Did, inputs: Inputs): Promise<AgencyHistory> {
  const { readHistories, keyHistories, now } = inputs
  const reading =
    readHistories.get(agency) ?? historyOf(agency, keyHistories, agencyEntries(inputs, agency), now)
  readHistories.set(agency, reading)
  return reading
}

/** Since when anybody who may say so calls a key of an agency compromised: a list that counts, or the agency itself. */
export async function compromiseOf(
  agency: Did,
  thumbprint: string,
  inputs: Inputs,
): Promise<Instant | undefined> {
  const rows = agencyEntries(inputs, agency).flatMap(({ keys }) => keys)
  const { compromised } = await historyFrom(agency, inputs)
  return earliest([
    ...rows.filter((row) => row.thumbprint === thumbprint).map((row) => row.compromisedSince),
    compromised.get(thumbprint),
  ])
}

/** The agency's entries in the lists that count now. */
export const agencyEntries = ({ trusted }: Inputs, agency: string): readonly TrustedAgency[] =>
  trusted?.current.flatMap(({ list }) => list.agencies.filter(({ id }) => id === agency)) ?? []

/** Whether an instant can say the moment: a stranger's date may lie before the year 0 or after 9999. */
export const isWithinInstants = (ms: number | null): ms is number =>
  ms !== null && ms >= Date.parse('0000-01-01T00:00:00Z') && ms <= Date.parse('9999-12-31T23:59:59Z')
