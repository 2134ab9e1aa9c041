/** Judges a presentation: whether its holder made it for this verifier and this occasion, and each credential in it by itself. */
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { isControllerId } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import type { Fetch } from '../base/fetch.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { certificateTypes } from '../certificate/certificate.ts'
import { gradeCertificateVct } from '../credential/claims.ts'
import { mergeEvidence, noEvidence } from '../evidence/evidence.ts'
import { gather } from '../evidence/gather.ts'
import { type Binding, openText, type SecuredOpening } from '../securing/open.ts'
import { objectionTo } from './any-credential.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { checkIssuer } from './issuer.ts'
import { checkBindingAsked, type JudgeOptions, judgeCredentialsWith, judgeWith } from './judge.ts'
import { policyOf } from './policy.ts'
import { checkProof } from './proof.ts'
import {
  type Check,
  type CredentialReport,
  fail,
  pass,
  type Report,
  skipped,
  unknown,
  type Verdict,
  verdictOf,
} from './report.ts'
import { checkValidity } from './validity.ts'

export interface PresentationReport {
  readonly verdict: Verdict
  readonly checkedAt: Instant
  /** Lower-case hex SHA-256 of the text that was judged. */
  readonly digest: string
  /** Who presents, as the presentation says; proven where the verdict is `valid`. */
  readonly holder?: string
  readonly checks: PresentationChecks
  /** In the order in which they stand there. */
  readonly credentials: readonly PresentedCredential[]
}

export interface PresentationChecks {
  readonly format: Check<'format'>
  /** Whether the key is the holder's, listed for authentication. */
  readonly holder: Check<'issuer'>
  readonly proof: Check<'proof'>
  readonly validity: Check<'validity'>
}

export interface PresentedCredential {
  /** A certificate of ours is judged as one, under the trust lists; any other credential by its issuer's own word. */
  readonly report: Report | CredentialReport
  /** Whether it is about the one who presents it; `undefined` where either is not named. */
  readonly isAboutHolder: boolean | undefined
}

export interface VerifyPresentationOptions extends Omit<JudgeOptions, 'now' | 'binding'> {
  /** `'not-asked'` accepts presentations made for anybody at any time; it has to be said. */
  readonly binding: Binding | 'not-asked'
  /** The moment of the judgement; now by default. */
  readonly now?: Instant | undefined
  /** Handing this in allows the network; without it no socket is opened. */
  readonly fetch?: Fetch | undefined
}

/** What `verifyPresentation` of the front door answers. @throws `verify.binding_malformed`, `verify.policy_malformed` */
export async function judgePresentation(
  source: Bytes | string,
  options: VerifyPresentationOptions,
): Promise<PresentationReport> {
  const { binding, fetch, now = instantAt(Date.now()), evidence = noEvidence } = options
  if (binding !== 'not-asked') checkBindingAsked(binding)
  const digest = sha256Hex(source)
  try {
    const text = await openText(source, { kind: 'presentation', ...(binding !== 'not-asked' && { binding }) })
    if (!text.ok) return unreadable(digest, now, fail(text.fault, text.detail))
    const presentation = text.opening.ok ? text.opening.opened.document : text.opening.document
    const texts = credentialTexts(presentation)
    const refused = refusalOf(presentation)
    if (refused !== null) return unreadable(digest, now, refused)
    const gathered = fetch === undefined ? noEvidence : await gather([source], { fetch })
    const fetched = mergeEvidence([options.fetched ?? noEvidence, gathered])
    const inputs = await readInputs({
      trust: undefined,
      evidence,
      fetched,
      policy: policyOf(options.policy),
      chains: undefined,
      asks: 'any',
      binding: undefined,
      contexts: options.contexts ?? {},
      now,
    })
    const objection = await objectionTo(presentation, 'presentation', inputs)
    const checks = {
      ...(await checksOf(text.opening, presentation, inputs)),
      ...(objection && { format: objection }),
    }
    const holder = holderOf(presentation, text.opening)
    const credentials = await judgeEach(texts, holder, {
      ...options,
      binding: undefined,
      evidence,
      fetched,
      now,
    })
    const verdict = worstOf([verdictOf({ ...checks }), ...credentials.map(({ report }) => report.verdict)])
    return { verdict, checkedAt: now, digest, ...(holder !== undefined && { holder }), checks, credentials }
  } catch (error) {
    if (error instanceof CodedError) throw error
    // Whatever a library below us throws at hostile input, the answer stays a report, and never a good one.
    return unreadable(digest, now, unknown('internal_error', error instanceof Error ? error.name : 'Error'))
  }
}

/** Credentials in one presentation; each is judged. */
const credentialLimit = 100

/** What keeps a document from being read as a presentation (VCDM 2.0, section 4.13). */
function refusalOf(presentation: JsonObject): Check<'format'> | null {
  if (!asList(presentation.type).includes('VerifiablePresentation')) {
    return fail('not_a_presentation', 'its type does not say VerifiablePresentation')
  }
  const credentials = asList(presentation.verifiableCredential)
  if (!credentials.every(isObject)) return fail('presentation_malformed', 'a credential that is no object')
  if (credentials.length > credentialLimit) {
    return fail('presentation_malformed', `more than ${credentialLimit} credentials`)
  }
  return null
}

const credentialTexts = ({ verifiableCredential }: JsonObject): readonly string[] =>
  asList(verifiableCredential).map((credential) => JSON.stringify(credential))

/** Whom the presentation names as holder, else whoever's key made it. */
function holderOf({ holder }: JsonObject, opening: SecuredOpening): string | undefined {
  if (holder !== undefined) {
    const id = isObject(holder) ? holder.id : holder
    return typeof id === 'string' ? id : undefined
  }
  const [first] = opening.ok ? opening.opened.signatures : []
  return first?.key.by === 'method' ? first.key.url.split('#')[0] : undefined
}

async function checksOf(
  opening: SecuredOpening,
  presentation: JsonObject,
  inputs: Inputs,
): Promise<PresentationChecks> {
  const issuer = holderOf(presentation, opening)
  const read = { credential: presentation, opening, from: undefined, until: undefined }
  const [holder, candidates] = isControllerId(issuer)
    ? await checkIssuer({ ...read, issuer }, inputs, { relationship: 'authentication' })
    : ([unknown('did_malformed', String(issuer)), []] as const)
  const [proof] = await checkProof(read, candidates, inputs)
  return {
    format: pass({ credentials: credentialTexts(presentation).length }),
    holder,
    proof,
    validity: checkValidity(read, inputs),
  }
}

async function judgeEach(
  texts: readonly string[],
  holder: string | undefined,
  options: JudgeOptions,
): Promise<readonly PresentedCredential[]> {
  const [judgeCertificate, judgeCredential] = [await judgeWith(options), await judgeCredentialsWith(options)]
  const presented: PresentedCredential[] = []
  for (const text of texts) {
    const opened = await openText(text)
    const document = opened.ok
      ? opened.opening.ok
        ? opened.opening.opened.document
        : opened.opening.document
      : {}
    const isOurs =
      document.vct === gradeCertificateVct ||
      certificateTypes.some((type) => asList(document.type).includes(type))
    presented.push({
      report: await (isOurs ? judgeCertificate : judgeCredential)(text),
      isAboutHolder: isAbout(document, holder),
    })
  }
  return presented
}

/** Claims name their subject by `sub`, a W3C credential each of its subjects by `id`. */
function isAbout(
  { credentialSubject, vct, sub }: JsonObject,
  holder: string | undefined,
): boolean | undefined {
  const ids =
    vct === undefined
      ? asList(credentialSubject).map((subject) => (isObject(subject) ? subject.id : undefined))
      : [sub]
  return holder === undefined || ids.length === 0 || ids.includes(undefined)
    ? undefined
    : ids.every((id: Json | undefined) => id === holder)
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('invalid')) return 'invalid'
  return verdicts.includes('undetermined') ? 'undetermined' : 'valid'
}

function unreadable(digest: string, checkedAt: Instant, format: Check<'format'>): PresentationReport {
  const rest = skipped('format_failed')
  const checks = { format, holder: rest, proof: rest, validity: rest }
  return { verdict: verdictOf(checks), checkedAt, digest, checks, credentials: [] }
}
