/** A whole scene in memory: an authority, two agencies, their lists, and one certificate each, all with keys that never change. */
import type { Bytes } from '../../src/base/bytes.ts'
import type { CalendarDate, Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { awardFrom } from '../../src/certificate/award.ts'
import type { AssessmentNotice, Certificate, GradeCertificate } from '../../src/certificate/certificate.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import type { StatusPurpose } from '../../src/credential/status-entry.ts'
import { webDocument } from '../../src/did/web.ts'
import type { Evidence, EvidenceItem } from '../../src/evidence/evidence.ts'
import { issue } from '../../src/issue/issue.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import type { DataIntegritySuite } from '../../src/securing/data-integrity.ts'
import { type StatusListContent, statusListCredential } from '../../src/status/status-list.ts'
import type { Trust } from '../../src/trust/trust.ts'
import { type TrustedAgency, type TrustList, trustListCredential } from '../../src/trust/trust-list.ts'
import type { Policy } from '../../src/verify/policy.ts'
import { type CheckId, checkIds, type Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'

export const at = (text: string): Instant => text as Instant
export const day = (text: string): CalendarDate => text as CalendarDate
/** When everything below is judged unless a test says otherwise. */
export const now = at('2026-06-01T00:00:00Z')

const seed = (byte: number): Bytes => new Uint8Array(32).fill(byte)
/** An agency known by its key alone. */
export const keyAgency = signerOfSeed(seed(1))
/** An agency with a site of its own. */
export const webAgency = signerOfSeed(seed(2), { verificationMethod: 'did:web:agency.example#k1' })
export const authority = signerOfSeed(seed(3))
export const otherAuthority = signerOfSeed(seed(4))
/** Nobody knows this one. */
export const stranger = signerOfSeed(seed(5))
/** Another agency on the same list. */
export const otherAgency = signerOfSeed(seed(6))

const catalogue = starterCatalogue((path) => `https://agency.example/catalogue/${path}`)
export const labels = { 'zh-Hans': '示例评价机构', en: 'Example Agency' }

export const statusLists: Readonly<Record<StatusPurpose, string>> = {
  revocation: 'https://agency.example/status/1',
  suspension: 'https://agency.example/status/2',
}
export const statusIndex = 4242

export function certificateOf(issuer: GeneratedSigner): GradeCertificate {
  return {
    type: 'ProfessionalTechnicalGradeCertificate',
    id: 'urn:uuid:11111111-2222-4333-8444-555555555555',
    number: 'PT26-0001-11-3801-1-0000017-G',
    issuer: { id: issuer.controller, labels, url: 'https://agency.example' },
    holder: { id: 'urn:uuid:99999999-2222-4333-8444-555555555555', name: '王小明' },
    zone: '+08:00',
    awardedOn: day('2026-03-01'),
    validFrom: day('2026-03-01'),
    region: 'CN-BJ',
    session: '2026-01',
    examinedOn: day('2026-01-25'),
    award: awardFrom(catalogue, {
      occupationCode: '2-02-38-01',
      grade: 'junior',
      direction: '计算机视觉产品实现',
    }),
    training: [],
  }
}

/** A certificate with everything by which those of one kind may differ. */
export const rich = (change: Partial<GradeCertificate> = {}): GradeCertificate => ({
  ...certificateOf(keyAgency),
  holder: {
    id: 'urn:uuid:99999999-2222-4333-8444-555555555555',
    name: '王小明',
    romanisedName: 'WANG XIAOMING',
  },
  evaluation: { theory: 81.5, practical: 60 },
  training: [{ id: 'urn:a:1', provider: '示例培训机构', hours: 64, unit: '学时' }],
  ...change,
})

export function noticeOf(issuer: GeneratedSigner): AssessmentNotice {
  const { id, holder, zone, validFrom, session, award } = certificateOf(issuer)
  return {
    type: 'AssessmentResultNotice',
    id,
    issuer: { id: issuer.controller, labels },
    holder,
    zone,
    validFrom,
    session,
    award: { ...award, id: `${award.id}/assessment` },
    outcome: 'Failed',
  }
}

export async function entryOf(signer: GeneratedSigner): Promise<TrustedAgency> {
  return {
    id: signer.controller,
    labels,
    standing: 'active',
    keys: [{ thumbprint: await thumbprint(signer.publicKey) }],
    scopes: [{ occupations: ['2-02-38-01'], grades: ['junior', 'intermediate'], region: 'CN-BJ' }],
    statusIssuers: [],
  }
}

/** The authority's list: both agencies and another one. */
export async function trustListOf(issuer: GeneratedSigner = authority): Promise<TrustList> {
  return {
    id: 'https://authority.example/list',
    issuer: issuer.controller,
    sequence: 7,
    validFrom: at('2026-01-01T00:00:00Z'),
    validUntil: at('2027-01-01T00:00:00Z'),
    trial: false,
    agencies: await Promise.all([keyAgency, webAgency, otherAgency].map(entryOf)),
    delegates: [],
  }
}

/** Signs as our own documents are signed; `alter` comes before the signature. */
export function sign(
  document: JsonObject,
  signer: GeneratedSigner,
  options: Partial<Omit<ProofOptions, 'signer' | 'contexts'>> = {},
): Promise<JsonObject> {
  return addProof(document, {
    suite: 'eddsa-jcs-2022',
    created: at('2026-05-01T00:00:00Z'),
    ...options,
    signer,
    contexts: contextTable(),
  })
}

export const signTrustList = (list: TrustList, signer: GeneratedSigner = authority): Promise<JsonObject> =>
  sign(trustListCredential(list), signer)

/** One agency's row of a list, changed. */
export const withAgency = (
  list: TrustList,
  signer: GeneratedSigner,
  change: Partial<TrustedAgency>,
): TrustList => ({
  ...list,
  agencies: list.agencies.map((row) => (row.id === signer.controller ? { ...row, ...change } : row)),
})

export const trustOf = (...lists: readonly Json[]): Trust => ({
  roots: [{ id: authority.controller }],
  lists,
})

export async function statusListOf(
  issuer: GeneratedSigner,
  purpose: StatusPurpose,
  change: Partial<StatusListContent> = {},
  suite: DataIntegritySuite = 'eddsa-jcs-2022',
): Promise<EvidenceItem> {
  const document = statusListCredential({
    id: statusLists[purpose],
    issuer: issuer.controller,
    purpose,
    validFrom: at('2026-05-20T00:00:00Z'),
    validUntil: at('2026-06-20T00:00:00Z'),
    set: [],
    ...change,
  })
  return { kind: 'status-list', url: statusLists[purpose], document: await sign(document, issuer, { suite }) }
}

export const didItem = (document: JsonObject): EvidenceItem => ({
  kind: 'did-document',
  url: webAgency.controller,
  document,
})

export const webDocumentOf = (signer: GeneratedSigner): JsonObject =>
  webDocument(webAgency.controller, [{ id: 'did:web:agency.example#k1', multikey: signer.multikey }])

export interface Scene {
  readonly issuer: GeneratedSigner
  /** The certificate as it was handed over. */
  readonly text: string
  readonly trust: Trust
  readonly evidence: Evidence
}

/** Everything in order: the certificate of this agency is valid at `now`. */
export async function sceneOf(
  issuer: GeneratedSigner = keyAgency,
  {
    certificate = certificateOf(issuer),
    suite,
    created = at('2026-03-02T01:02:03Z'),
  }: { certificate?: Certificate; suite?: DataIntegritySuite; created?: Instant } = {},
): Promise<Scene> {
  const { text } = await issue(certificate, {
    signer: issuer,
    suite,
    created,
    proofId: 'urn:uuid:77777777-2222-4333-8444-555555555555',
    ...(certificate.type === 'ProfessionalTechnicalGradeCertificate' && {
      status: { index: statusIndex, lists: statusLists },
    }),
  })
  return {
    issuer,
    text,
    trust: trustOf(await signTrustList(await trustListOf())),
    evidence: {
      items: [
        await statusListOf(issuer, 'revocation'),
        await statusListOf(issuer, 'suspension'),
        ...(issuer === webAgency ? [didItem(webDocumentOf(webAgency))] : []),
      ],
    },
  }
}

export interface Changes {
  readonly text?: string | Bytes
  readonly trust?: Trust | undefined
  readonly items?: readonly EvidenceItem[]
  readonly now?: Instant
  readonly policy?: Partial<Policy>
}

/** Judges a scene with something in it changed. `trust: undefined` takes the trust away. */
export const judged = (scene: Scene, changes: Changes = {}): Promise<Report> =>
  verify(changes.text ?? scene.text, {
    trust: 'trust' in changes ? changes.trust : scene.trust,
    evidence: changes.items === undefined ? scene.evidence : { items: changes.items },
    now: changes.now ?? now,
    policy: changes.policy,
  })

/** What each check said, in one line each: `pass`, `fail REASON`, `unknown REASON`, `skipped BECAUSE`. */
export function outcomesOf({ checks }: Pick<Report, 'checks'>): Record<CheckId, string> {
  const line = (id: CheckId) => {
    const check = checks[id]
    if (check.outcome === 'pass') return 'pass'
    return `${check.outcome} ${check.outcome === 'skipped' ? check.because : check.reason}`
  }
  return Object.fromEntries(checkIds.map((id) => [id, line(id)])) as Record<CheckId, string>
}

/** What the checks of a valid certificate say. */
export const allStand: Readonly<Record<CheckId, string>> = {
  format: 'pass',
  schema: 'pass',
  issuer: 'pass',
  proof: 'pass',
  validity: 'pass',
  status: 'pass',
  trust: 'pass',
  anchor: 'skipped no_anchor',
  policy: 'skipped no_criteria',
}

/** What the checks of a text say that is no credential of ours. */
export const onlyFormat = (format: string): Readonly<Record<CheckId, string>> => ({
  ...(Object.fromEntries(checkIds.map((id) => [id, 'skipped format_failed'])) as Record<CheckId, string>),
  format,
})

// biome-ignore lint/suspicious/noExplicitAny: tests reach into documents and break them
export type Loose = any
export const parsed = (text: string): Loose => JSON.parse(text)

/** Sets, or removes, the member at `proof.0.created` of a credential. */
export const put = (path: string, value: unknown) => (vc: Loose) => {
  const [holder, name] = memberAt(vc, path)
  holder[name] = value
}
export const drop = (path: string) => (vc: Loose) => {
  const [holder, name] = memberAt(vc, path)
  delete holder[name]
}
function memberAt(vc: Loose, path: string): [holder: Loose, name: string] {
  const steps = path.split('.')
  return [steps.slice(0, -1).reduce((value, step) => value[step], vc), steps.at(-1) as string]
}

/** The scene's credential with one thing changed after it was signed. */
export function tampered(scene: Scene, alter: (vc: Loose) => Loose): string {
  const vc = parsed(scene.text)
  return JSON.stringify(alter(vc) ?? vc)
}

/** The same, signed again by `signer`, as its issuer could. */
export async function resigned(
  scene: Scene,
  alter: (vc: Loose) => void,
  signer: GeneratedSigner = scene.issuer,
  options: Parameters<typeof sign>[2] = {},
): Promise<string> {
  const { proof, ...vc } = parsed(scene.text)
  alter(vc)
  return JSON.stringify(
    await sign(vc, signer, { suite: proof.cryptosuite, id: proof.id, created: proof.created, ...options }),
  )
}
