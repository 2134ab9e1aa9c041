/** The same certificate in every form, by an agency with a key for each, with all that verifying it takes. */
import { type Bytes, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { type BadgeSuite, issue } from '../../src/issue/issue.ts'
import { issueSdJwt } from '../../src/issue/issue-sd-jwt.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { signTokenStatusList, tokenStatusListClaims } from '../../src/status/token-status-list.ts'
import type { Trust } from '../../src/trust/trust.ts'
import {
  at,
  certificateOf,
  entryOf,
  signTrustList,
  statusIndex,
  statusListOf,
  statusLists,
  trustListOf,
  trustOf,
} from './scene.ts'

export const seedOf = (byte: number, length = 32): Bytes => new Uint8Array(length).fill(byte)
const agencies: Readonly<Record<SigningAlgorithm, GeneratedSigner>> = {
  Ed25519: signerOfSeed(seedOf(1)),
  'P-256': signerOfSeed(seedOf(21), { algorithm: 'P-256' }),
  'P-384': signerOfSeed(seedOf(31, 48), { algorithm: 'P-384' }),
}
export const agencyOf = (algorithm: SigningAlgorithm): GeneratedSigner => agencies[algorithm]
export const holder = signerOfSeed(seedOf(41))
/** In no list, and nobody's holder. */
export const impostor = signerOfSeed(seedOf(51), { algorithm: 'P-256' })

export type Form = BadgeSuite | 'sd-jwt'
/** Every way in which a certificate is secured, with a key that makes it. */
export const forms: readonly (readonly [form: Form, algorithm: SigningAlgorithm])[] = [
  ['eddsa-rdfc-2022', 'Ed25519'],
  ['eddsa-jcs-2022', 'Ed25519'],
  ['ecdsa-rdfc-2019', 'P-256'],
  ['ecdsa-rdfc-2019', 'P-384'],
  ['ecdsa-jcs-2019', 'P-256'],
  ['ecdsa-jcs-2019', 'P-384'],
  ['vc+jwt', 'Ed25519'],
  ['vc+jwt', 'P-256'],
  ['vc+jwt', 'P-384'],
  ['badge-jwt', 'P-256'],
  ['sd-jwt', 'Ed25519'],
  ['sd-jwt', 'P-256'],
  ['sd-jwt', 'P-384'],
]

export const created = at('2026-03-02T01:02:03Z')
export const tokenList = 'https://agency.example/status/token-1'
export const scores = { theory: 78, practical: 83.5 }
export const idNumber = '11000019900307857X'

export async function textOf(form: Form, signer: GeneratedSigner): Promise<string> {
  const certificate = certificateOf(signer)
  if (form !== 'sd-jwt') {
    const status = { index: statusIndex, lists: statusLists }
    return (await issue(certificate, { signer, suite: form, created, status })).text
  }
  const { text } = await issueSdJwt(
    { ...certificate, evaluation: scores },
    {
      signer,
      holder: { idType: 'resident-id', idNumber },
      status: { uri: tokenList, index: statusIndex },
      confirmation: holder.publicKey,
      created,
      salt: (label) => sha256(utf8(label)).slice(0, 16),
    },
  )
  return text
}

export interface TokenListChange {
  readonly value?: number
  readonly iat?: string
  readonly exp?: string
  readonly ttl?: number
  readonly uri?: string
  readonly issuer?: string
  readonly length?: number
  readonly signer?: GeneratedSigner
}

/** A token status list by the agency, in which all are valid but for what `change` says of the certificate. */
export async function tokenListItem(
  signer: GeneratedSigner,
  change: TokenListChange = {},
): Promise<EvidenceItem> {
  const values = new Uint8Array(change.length ?? 8192)
  if (change.value !== undefined) values[statusIndex] = change.value
  const claims = tokenStatusListClaims({
    uri: change.uri ?? tokenList,
    issuer: change.issuer ?? signer.controller,
    iat: at(change.iat ?? '2026-05-20T00:00:00Z'),
    exp: at(change.exp ?? '2026-06-20T00:00:00Z'),
    ...(change.ttl !== undefined && { ttl: change.ttl }),
    bits: 2,
    values,
  })
  const token = await signTokenStatusList(claims, change.signer ?? signer)
  return { kind: 'token-status-list', url: tokenList, document: { id: tokenList, token } }
}

export const listItems = async (signer: GeneratedSigner): Promise<readonly EvidenceItem[]> => [
  await statusListOf(
    signer,
    'revocation',
    {},
    signer.algorithm === 'Ed25519' ? 'eddsa-jcs-2022' : 'ecdsa-jcs-2019',
  ),
  await statusListOf(
    signer,
    'suspension',
    {},
    signer.algorithm === 'Ed25519' ? 'eddsa-jcs-2022' : 'ecdsa-jcs-2019',
  ),
  await tokenListItem(signer),
]

export async function trustIn(...signers: readonly GeneratedSigner[]): Promise<Trust> {
  const list = await trustListOf()
  return trustOf(await signTrustList({ ...list, agencies: await Promise.all(signers.map(entryOf)) }))
}

/** A token with its payload changed and its signature kept. */
export function withPayload(token: string, change: (payload: Record<string, unknown>) => void): string {
  const [header, payload, ...rest] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString('utf8'))
  change(claims)
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), ...rest].join('.')
}

/** The same for its header. */
export function withHeader(token: string, change: (header: Record<string, unknown>) => void): string {
  const [header, ...rest] = token.split('.')
  const members = JSON.parse(Buffer.from(header as string, 'base64url').toString('utf8'))
  change(members)
  return [Buffer.from(JSON.stringify(members)).toString('base64url'), ...rest].join('.')
}

export const asJson = (text: string): JsonObject => JSON.parse(text)
