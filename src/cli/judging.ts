/** What every command that judges is given: whom one trusts, what was gathered, what one wants, and by which clock. */
import * as z from 'zod/mini'
import { type ChainId, isChainId } from '../anchor/anchor.ts'
import { bitcoinMainnet, bsvMainnet } from '../anchor/bitcoin-networks.ts'
import type { ChainState } from '../anchor/chains.ts'
import { digestJson } from '../base/canonical.ts'
import { isDid } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { findEvidence } from '../carrier/stapled.ts'
import type { CertificateType } from '../certificate/certificate.ts'
import { documentsOf, type Evidence, mergeEvidence, readEvidence } from '../evidence/evidence.ts'
import { fromMultikey, thumbprint } from '../key/public-key.ts'
import { mergeTrust, readTrust, type SeenList, seenName, type Trust, type TrustRoot } from '../trust/trust.ts'
import type { ProofBy } from '../verify/inputs.ts'
import { bundleDocuments } from '../verify/judges.ts'
import { type AnchorRequirement, type Policy, policyOf, readPolicy } from '../verify/policy.ts'
import { type Call, clockOf, readFrom, readGiven } from './command.ts'
import type { JudgingOptions } from './judging-options.ts'

export interface Judging {
  readonly trust: Trust | undefined
  readonly evidence: Evidence
  readonly policy: Policy
  readonly chains: ChainState | undefined
  readonly now: Instant
  /** Bundles that were given beside all texts. */
  readonly brought: readonly JsonObject[]
}

/** Tells of evidence beside the certificates that cannot be read. @throws what reading any of the files throws */
export async function judgingOf(call: Call<JudgingOptions>, paths: readonly string[] = []): Promise<Judging> {
  const { options, voice } = call
  const given = await Promise.all(options.evidence.map((path) => readFrom(path, readEvidence)))
  const stapled = await findEvidence(paths)
  for (const { file, code } of stapled.refused) voice.warn(evidenceRefused, { file, code })
  const evidence = mergeEvidence([...given, stapled.evidence])
  const anchors = await Promise.all(options.anchor.map(async (path) => new Uint8Array(await readGiven(path))))
  return {
    trust: await trustIn(options),
    evidence,
    policy: await policyIn(options),
    chains: options.chains === undefined ? undefined : await chainsIn(options.chains, evidence),
    now: clockOf(call),
    brought: bundleDocuments(anchors),
  }
}

/** What proves who signed: the option of those commands that may take a batch for it. */
export const proofBy = ({ byBatch }: { readonly byBatch?: boolean }): ProofBy =>
  byBatch === true ? 'batch' : 'signature'

const evidenceRefused = {
  en: '{file} lies beside the certificates and is no evidence ({code}); it was left alone.',
  zh: '证书旁的 {file} 不是有效的证据文件（{code}），未采用。',
} as const

/** A file, or the digest of a state that the evidence carries: naming the digest is trusting that very state. */
async function chainsIn(named: string, evidence: Evidence): Promise<ChainState> {
  const [, digest] = /^sha256:([0-9a-f]{64})$/.exec(named) ?? []
  if (digest === undefined) {
    const { readChainsFile } = await import('./chains-file.ts')
    return readChainsFile(named)
  }
  const document = documentsOf(evidence, 'chain-state').find((one) => digestJson(one) === digest)
  if (document === undefined) throw new CertificateError('carrier.not_found', { path: named })
  const { readChains } = await import('../anchor/chains.ts')
  return readChains(JSON.stringify(document))
}

/** What the options say goes over what the file says. */
async function policyIn(options: JudgingOptions): Promise<Policy> {
  const file = options.policy === undefined ? {} : await readFrom(options.policy, readPolicy)
  return policyOf({
    ...file,
    ...(options.type.length > 0 && { types: options.type.map(typeNamed) }),
    ...(options.requireAnchor.length > 0 && { anchors: options.requireAnchor.map(requirementNamed) }),
    ...(options.testChains === true && { testChains: true }),
  })
}

const typeNames: Readonly<Record<string, CertificateType>> = {
  grade: 'ProfessionalTechnicalGradeCertificate',
  notice: 'AssessmentResultNotice',
  training: 'TrainingCompletionCertificate',
}

function typeNamed(name: string): CertificateType {
  const type = Object.hasOwn(typeNames, name) ? typeNames[name] : undefined
  if (type === undefined) throw new CertificateError('cli.type_unknown', { type: name })
  return type
}

/** What a person may call an anchor that is asked for, beside the id of a chain. */
const requirements: Readonly<Record<string, AnchorRequirement>> = {
  any: 'any',
  log: 'tlog',
  tlog: 'tlog',
  bitcoin: bitcoinMainnet,
  bsv: bsvMainnet,
  ethereum: 'eip155:1',
}

function requirementNamed(name: string): AnchorRequirement {
  const known = Object.hasOwn(requirements, name) ? requirements[name] : undefined
  if (known !== undefined) return known
  if (!isChainId(name)) throw new CertificateError('verify.policy_malformed', { what: `anchors ${name}` })
  return name satisfies ChainId
}

/** Loading a list is not trusting it: where roots are named, those of files count only as far as they are among them. */
async function trustIn({ trust, root, state }: JudgingOptions): Promise<Trust | undefined> {
  if (trust.length === 0 && root.length === 0) return undefined
  const merged = mergeTrust(await Promise.all(trust.map((path) => readFrom(path, readTrust))))
  const roots = root.length === 0 ? merged.roots : root.flatMap((name) => rootsNamed(name, merged.roots))
  return { ...merged, roots, ...(state !== undefined && { seen: await readSeen(state) }) }
}

/** @throws `trust.root_not_found` */
function rootsNamed(name: string, known: readonly TrustRoot[]): readonly TrustRoot[] {
  const multikey = name.replace(/^did:key:/, '')
  if (fromMultikey(multikey) !== null) {
    const own: TrustRoot = { id: `did:key:${multikey}` }
    return [
      own,
      ...known.filter(({ keys }) => keys?.includes(multikey)).map(({ id }) => ({ id, keys: [multikey] })),
    ]
  }
  const named = known.flatMap(({ id, keys }) => {
    if (isDid(name)) return id === name ? [{ id, keys }] : []
    const own = keys ?? (id.startsWith('did:key:') ? [id.slice('did:key:'.length)] : [])
    const fitting = own.filter((key) => printOf(key) === name)
    return fitting.length > 0 ? [{ id, keys: fitting }] : []
  })
  if (named.length === 0) throw new CertificateError('trust.root_not_found', { root: name })
  return named
}

const printOf = (multikey: string): string | null => {
  const key = fromMultikey(multikey)
  return key === null ? null : thumbprint(key)
}

/** What earlier runs have seen of each list; a file that is not there yet has seen nothing. */
async function readSeen(path: string): Promise<Readonly<Record<string, SeenList>>> {
  try {
    return stateFile.parse(JSON.parse((await readFileBounded(path)).toString('utf8')))
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return {}
    throw new CertificateError('cli.state_malformed', { path }, { cause })
  }
}

const stateFile = z.record(
  z.string(),
  z.strictObject({ sequence: z.int().check(z.gte(1)), digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
)

/** Keeps the highest number of each list that counted; what was seen before is only ever raised. */
export async function rememberLists(
  { state }: JudgingOptions,
  { trust, evidence, now }: Judging,
): Promise<void> {
  if (state === undefined || trust === undefined) return
  const { trustedLists } = await import('../trust/chain.ts')
  const { current } = await trustedLists(trust, documentsOf(evidence, 'trust-list'), now)
  const seen = Object.fromEntries(
    current.map(({ list, digest }) => [seenName(list), { sequence: list.sequence, digest }]),
  )
  await writeFileWhole(state, `${JSON.stringify({ ...trust.seen, ...seen }, null, 2)}\n`, { durable: true })
}
