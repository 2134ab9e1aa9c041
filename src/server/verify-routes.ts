/** Routes that judge: our own, which answers any certificate with a report, and the two of the VC-API. */
import * as z from 'zod/mini'
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { readEvidence } from '../evidence/evidence.ts'
import { type Call, jsonAnswer } from './answer.ts'
import { jsonOf, shaped } from './body.ts'
import type { Judges } from './judges.ts'
import { malformedValue, ProblemError, parsingError } from './problem.ts'
import { problemsOf } from './report-problems.ts'
import { type Route, takes } from './route.ts'
import { resultAnswer } from './verification-result.ts'

/** Members that a later version of the VC-API may add are let through. */
const anyObject = z.looseObject({})
/** A document, or the text of a token. */
const securedDocument = z.union([anyObject, z.string().check(z.minLength(1))])
const askedText = z.string().check(z.minLength(1), z.maxLength(2048))

export const verifyCredentialRequest = z.strictObject({
  verifiableCredential: securedDocument,
  options: z.optional(
    z.looseObject({
      challenge: z.optional(askedText),
      domain: z.optional(askedText),
      returnCredential: z.optional(z.boolean()),
    }),
  ),
})

export const verifyPresentationRequest = z.strictObject({
  verifiablePresentation: securedDocument,
  options: z.looseObject({
    challenge: z.optional(askedText),
    domain: z.optional(z.union([askedText, z.array(askedText).check(z.minLength(1), z.maxLength(16))])),
    /** Says that a presentation made for anybody at any time is good enough. */
    binding: z.optional(z.literal('not-asked')),
    returnPresentation: z.optional(z.boolean()),
  }),
})

/** A certificate beside what the one who asks has gathered. */
const certificateWithEvidence = z.strictObject({
  certificate: securedDocument,
  evidence: z.optional(anyObject),
})

const jsonTypes = ['application/json', 'application/vc', 'application/ld+json']
const tokenTypes = ['application/vc+jwt', 'application/jwt', 'application/dc+sd-jwt', 'application/vc+sd-jwt']

export function verifyRoutes(judges: Judges): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/certificates/verify',
      operationId: 'verifyCertificate',
      summary:
        'Judges a certificate in any form. Where `verified` is false the report says which check failed or what could not be found out.',
      access: 'public',
      body: { mediaTypes: [...jsonTypes, ...tokenTypes] },
      answers: { 200: 'The report, whatever the verdict.', 400: 'The body cannot be read.' },
      async handle(call) {
        const { source, evidence } = certificateOf(call)
        const report = await judges.certificate(source, { now: call.now, evidence })
        return jsonAnswer(200, { verified: report.verdict === 'valid', report })
      },
    },
    {
      method: 'POST',
      path: '/credentials/verify',
      operationId: 'verifyCredential',
      summary:
        'VC-API: verifies a credential. Certificates of ours are judged under the trust lists, any other by its issuer’s own word.',
      access: 'public',
      answers: {
        200: 'The credential is good.',
        400: 'It cannot be read as a credential.',
        422: 'It was judged, and is not good or could not be found to be.',
      },
      ...takes(verifyCredentialRequest, async ({ verifiableCredential, options = {} }, { now }) => {
        const { challenge, domain } = options
        if ((challenge === undefined) !== (domain === undefined)) {
          throw new ProblemError(
            malformedValue('challenge and domain belong together', { pointer: '/options' }),
          )
        }
        const binding = challenge === undefined || domain === undefined ? undefined : { challenge, domain }
        const source = textOf(verifiableCredential)
        const report = await judges.credential(source, { now, binding })
        return resultAnswer(source, 'credential', {
          report,
          ...(options.returnCredential === true && { returned: { verifiableCredential } }),
        })
      }),
    },
    {
      method: 'POST',
      path: '/presentations/verify',
      operationId: 'verifyPresentation',
      summary:
        'VC-API: verifies a presentation for the challenge and domain that were asked for, and every credential in it. `binding: "not-asked"` takes one made for anybody.',
      access: 'public',
      answers: {
        200: 'The presentation and all credentials in it are good.',
        400: 'It cannot be read as a presentation, or nothing says whom it must be made for.',
        422: 'It was judged, and is not good or could not be found to be.',
      },
      ...takes(verifyPresentationRequest, async ({ verifiablePresentation, options }, { now }) => {
        const source = textOf(verifiablePresentation)
        const report = await judges.presentation(source, { now, binding: bindingOf(options) })
        const inside = report.credentials.flatMap(({ report }, credential) =>
          problemsOf(report.checks).map((problem) => ({ ...problem, credential })),
        )
        return resultAnswer(source, 'presentation', {
          report,
          inside,
          ...(options.returnPresentation === true && { returned: { verifiablePresentation } }),
        })
      }),
    },
  ]
}

const textOf = (secured: string | object): string =>
  typeof secured === 'string' ? secured : JSON.stringify(secured)

type PresentationRequestOptions = z.infer<typeof verifyPresentationRequest>['options']

function bindingOf({ challenge, domain, binding }: PresentationRequestOptions) {
  if (binding === 'not-asked' && challenge === undefined && domain === undefined) return 'not-asked'
  if (binding === undefined && challenge !== undefined && domain !== undefined) return { challenge, domain }
  throw new ProblemError(
    malformedValue('Give challenge and domain as they were asked for, or binding "not-asked" and neither.', {
      pointer: '/options',
    }),
  )
}

function certificateOf(call: Call): {
  readonly source: Bytes | string
  readonly evidence?: ReturnType<typeof readEvidence>
} {
  const { mediaType, body } = call
  if (tokenTypes.includes(mediaType)) {
    if (utf8Text(body) === null)
      throw new ProblemError(parsingError('the bytes are not UTF-8', 'invalid_utf8'))
    return { source: body }
  }
  const value = jsonOf(call)
  if (mediaType !== 'application/json' || !isRequest(value)) return { source: body }
  const { certificate, evidence } = shaped(value, certificateWithEvidence)
  return {
    source: textOf(certificate),
    ...(evidence !== undefined && { evidence: readEvidence(JSON.stringify(evidence)) }),
  }
}

/** A certificate has no member of this name. */
const isRequest = (value: Json): value is JsonObject => isObject(value) && Object.hasOwn(value, 'certificate')
