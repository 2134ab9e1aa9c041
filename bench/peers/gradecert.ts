/**
 * What is compared with the peers. Verifying is the whole judgement of a credential of any type: beside the signature it
 * asks for the data model, terms without a meaning, schemas, dates and status. `proof` is the part of it that opens the
 * text and holds the signature against a known key.
 */
import { randomBytes } from 'node:crypto'
import type { Instant } from '../../src/base/instant.ts'
import { secureText } from '../../src/securing/add-proof.ts'
import { openText } from '../../src/securing/open.ts'
import { makeSdJwt } from '../../src/securing/sd-jwt.ts'
import { sdJwtVcType } from '../../src/securing/sd-jwt-vc.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import { judgeCredentialsWith } from '../../src/verify/judge.ts'
import { now, agency as signer, status } from '../scene.ts'
import { asItIs, type Contender, claimsOf, contexts, hidden } from './contender.ts'

const created = '2026-03-02T01:02:03Z' as Instant
const judge = await judgeCredentialsWith({ evidence: { items: status }, now })
const verify = async (text: string) => (await judge(text)).verdict === 'valid'

async function proof(text: string): Promise<boolean> {
  const opened = await openText(text)
  if (!opened.ok || !opened.opening.ok) return false
  const [signature] = opened.opening.opened.signatures
  return (await signature?.verify(signer.publicKey, contexts))?.ok === true
}

const integrity = (['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const).map(
  (suite): Contender => ({
    id: `gradecert/${suite}`,
    form: suite,
    inputOf: asItIs,
    issue: (document) => secureText(document, { signer, suite, created, contexts }),
    verify,
    proof,
  }),
)

const sdJwts = ([[], hidden] as const).map(
  (names): Contender => ({
    id: `gradecert/sd-jwt-vc/${names.length}-hidden`,
    form: 'dc+sd-jwt',
    inputOf: claimsOf,
    issue: (claims) =>
      makeSdJwt({ typ: sdJwtVcType, kid: signer.verificationMethod }, claims, {
        signer,
        disclosable: names.map((name) => `/${name}`),
        salt: () => new Uint8Array(randomBytes(16)),
      }),
    verify,
    proof,
  }),
)

export const contenders: readonly Contender[] = [
  ...integrity,
  {
    id: 'gradecert/vc+jwt',
    form: 'vc+jwt',
    inputOf: asItIs,
    issue: (document) => signVcJwt(document, { signer, kind: 'vc', created }),
    verify,
    proof,
  },
  ...sdJwts,
]
