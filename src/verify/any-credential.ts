/** Reads a credential of any type: what every verifiable credential must be, and no more. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { isControllerId } from '../base/did-url.ts'
import { asList, isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { conformanceFault, contextsFault, type DocumentKind, datesOf } from '../credential/conformance.ts'
import { checkRelatedResources } from '../credential/related-resource.ts'
import { openText, type SecuredOpening } from '../securing/open.ts'
import { rdfLoss } from '../securing/rdfc.ts'
import type { Inputs } from './inputs.ts'
import { type Check, fail, pass, unknown } from './report.ts'
import { isClaims, learnKind, readByKind, readOfCredential, type Subject } from './subject.ts'

export async function readAnyCredential(source: Bytes | string, inputs: Inputs): Promise<Subject> {
  const { digest, subject } = readByKind(source, inputs)
  if (subject !== undefined) return subject
  const text = await openText(source, { binding: inputs.binding })
  if (!text.ok) return { digest, format: fail(text.fault, text.detail) }
  const { opening } = text
  const document = opening.ok ? opening.opened.document : opening.document
  if (isClaims(opening)) return { digest, ...(await readClaimsOf(document, opening)) }
  const { format, read } = await readDocument(document, opening, inputs)
  if (read !== undefined) await learnKind(source, { format, read }, inputs)
  return { digest, format, ...(read !== undefined && { read }) }
}

async function readClaimsOf(claims: JsonObject, opening: SecuredOpening): Promise<Omit<Subject, 'digest'>> {
  const { disclosure, readOfClaims } = await import('./disclosed.ts')
  const { iss } = claims
  if (!isControllerId(iss)) return { format: fail('claims_malformed', '/iss') }
  const format = pass({ type: textOf(claims.vct), form: 'sd-jwt', ...disclosure(opening) })
  return { format, read: { ...readOfClaims(claims, opening, iss), certificate: undefined } }
}

async function readDocument(
  document: JsonObject,
  opening: SecuredOpening,
  inputs: Inputs,
): Promise<Omit<Subject, 'digest'>> {
  const objection = saidElsewhere(document, opening) ?? (await objectionTo(document, 'credential', inputs))
  const issuer = isObject(document.issuer) ? document.issuer.id : document.issuer
  if (objection !== null && objection.outcome === 'unknown') return { format: objection }
  if (!isControllerId(issuer)) return { format: objection ?? fail('credential_malformed', '/issuer') }
  const { checked, unchecked } = resourcesOf(document, inputs) ?? { checked: [], unchecked: [] }
  const form = opening.ok ? opening.opened.form : 'data-integrity'
  const facts = { form, ...(checked.length + unchecked.length > 0 && { resources: checked, unchecked }) }
  return {
    format: objection ?? pass(facts),
    read: { ...readOfCredential(document, opening, issuer), ...datesOf(document), certificate: undefined },
  }
}

/**
 * Where RDF is what was signed, a second object of the credential's own id says things of it that a reader of the JSON does
 * not look for: an end or a status could stand there.
 */
function saidElsewhere(document: JsonObject, opening: SecuredOpening) {
  const isText = !opening.ok || opening.opened.signatures.every(({ isOverExactText }) => isOverExactText)
  const { id, ...members } = document
  return isText || id === undefined || !bearsId(members, id)
    ? null
    : fail('context_not_accepted', 'a second object with the id of the credential')
}

function bearsId(value: Json, id: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (isObject(value) && value.id === id) || Object.values(value).some((member) => bearsId(member, id))
}

/** What keeps a document from being one of VCDM, and from meaning in JSON what it means in RDF; `null` for nothing. */
export async function objectionTo(
  document: JsonObject,
  kind: DocumentKind,
  inputs: Inputs,
): Promise<Extract<Check<'format'>, { readonly outcome: 'fail' | 'unknown' }> | null> {
  const contexts = contextsFault(document, inputs.contexts)
  if (contexts?.fault === 'context_not_at_hand') return unknown('context_not_at_hand', contexts.problem)
  if (contexts !== null) return fail('context_not_accepted', `${contexts.pointer}: ${contexts.problem}`)
  const conformance = conformanceFault(document, kind)
  if (conformance !== null) {
    const { rule, pointer, problem } = conformance
    return fail(`${kind}_malformed`, `${rule}, ${pointer || '/'}: ${problem}`)
  }
  // VCDM 2.0, section 5.2.1: a term that no context maps is an error, whatever secures the document. URLs as names of
  // members are none, and where RDF is what was signed, the proof does not hold with them.
  const loss = await rdfLoss(document, inputs.contexts)
  if (loss !== null) return fail('data_loss', loss.detail)
  return resourcesOf(document, inputs) === null ? unknown('resource_mismatch', '/relatedResource') : null
}

/** VCDM 2.0, section 5.3: what is at hand of the resources that it names by digest; `null` where one is another. */
function resourcesOf(document: JsonObject, { schemas }: Inputs) {
  const named = asList(document.relatedResource).filter(isObject)
  const atHand = [...schemas].flatMap(([url, texts]) => {
    const entry = named.filter(({ id }) => id === url)
    const all = texts.map((text) => utf8(text))
    const right = all.find(
      (bytes) => checkRelatedResources({ relatedResource: entry }, new Map([[url, bytes]])).ok,
    )
    const [first] = all
    return entry.length === 0 || first === undefined ? [] : [[url, right ?? first] as const]
  })
  const result = checkRelatedResources(document, new Map(atHand))
  return result.ok ? result : null
}
