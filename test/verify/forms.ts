/** The same certificate in every form, each valid under one trust list, and ways to take tokens apart. */
import { fromBase64url, toBase64url, utf8, utf8Text } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { defaultForm } from '../../src/credential/badge-form.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { type BadgeSuite, issue } from '../../src/issue/issue.ts'
import { issueSdJwt } from '../../src/issue/issue-sd-jwt.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { deriveProof } from '../../src/securing/ecdsa-sd.ts'
import { present } from '../../src/securing/sd-jwt.ts'
import {
  signTokenStatusList,
  type TokenStatusListContent,
  tokenStatusListClaims,
} from '../../src/status/token-status-list.ts'
import type { Trust } from '../../src/trust/trust.ts'
import {
  at,
  certificateOf,
  entryOf,
  keyAgency,
  type Loose,
  now,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  statusLists,
  trustListOf,
  trustOf,
} from './scene.ts'

const seed = (byte: number, length = 32) => new Uint8Array(length).fill(byte)
export const p256Agency = signerOfSeed(seed(7), { algorithm: 'P-256' })
export const p384Agency = signerOfSeed(seed(8, 48), { algorithm: 'P-384' })
/** Whose wallet it is. */
export const wallet = signerOfSeed(seed(9), { algorithm: 'P-256' })
export const otherWallet = signerOfSeed(seed(10), { algorithm: 'P-256' })

export const binding = { challenge: 'c-2026-06-01', domain: 'https://hr.example' } as const
export const created = at('2026-03-02T01:02:03Z')
const id = 'urn:uuid:77777777-2222-4333-8444-555555555555'

export interface Form {
  readonly issuer: GeneratedSigner
  readonly text: string
}

export const formNames = [
  'eddsa-rdfc-2022',
  'eddsa-jcs-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-jcs-2019',
  'ecdsa-rdfc-2019, P-384',
  'ecdsa-jcs-2019, P-384',
  'ecdsa-sd-2023',
  'vc+jwt, Ed25519',
  'vc+jwt, P-256',
  'badge-jwt',
  'dc+sd-jwt',
  'dc+sd-jwt, bound',
] as const
export type FormName = (typeof formNames)[number]

const badgeText = async (issuer: GeneratedSigner, suite: BadgeSuite): Promise<Form> => {
  const status = { index: statusIndex, lists: statusLists }
  const { text } = await issue(certificateOf(issuer), { signer: issuer, suite, created, proofId: id, status })
  return { issuer, text }
}

/** A badge of which its holder shows all. */
async function derived(): Promise<Form> {
  const badge = toBadge(certificateOf(p256Agency), {
    ...defaultForm,
    status: { index: statusIndex, lists: statusLists },
  })
  const base = await baseProofOf(badge)
  const pointers = Object.keys(badge)
    .filter((name) => name !== '@context')
    .map((name) => `/${name}`)
  const derivation = await deriveProof(base, { pointers, contexts: contextTable() })
  if (!derivation.ok) throw new Error(derivation.detail)
  return { issuer: p256Agency, text: JSON.stringify(derivation.document) }
}

export const baseProofOf = (badge: JsonObject): Promise<JsonObject> =>
  addProof(badge, {
    signer: p256Agency,
    suite: 'ecdsa-sd-2023',
    created,
    selective: {
      mandatoryPointers: ['/issuer', '/validFrom', '/credentialStatus'],
      hmacKey: seed(11),
      proofKey: signerOfSeed(seed(12), { algorithm: 'P-256' }),
    },
    contexts: contextTable(),
  })

export const tokenList = 'https://agency.example/token-status/1'

/** All that the wallet holds. */
export async function held(issuer: GeneratedSigner = p256Agency): Promise<string> {
  let count = 0
  const { text } = await issueSdJwt(certificateOf(issuer), {
    signer: issuer,
    holder: { idType: 'resident-id', idNumber: '11010519491231002X' },
    status: { uri: tokenList, index: statusIndex },
    confirmation: wallet.publicKey,
    created,
    decoys: 0,
    salt: () => seed(++count, 16),
  })
  return text
}

export const shown = async (text?: string): Promise<string> =>
  present(text ?? (await held()), {
    disclose: ['name'],
    keyBinding: { signer: wallet, audience: binding.domain, nonce: binding.challenge, now },
  })

const makers: Readonly<Record<FormName, () => Promise<Form>>> = {
  'eddsa-rdfc-2022': () => badgeText(keyAgency, 'eddsa-rdfc-2022'),
  'eddsa-jcs-2022': () => badgeText(keyAgency, 'eddsa-jcs-2022'),
  'ecdsa-rdfc-2019': () => badgeText(p256Agency, 'ecdsa-rdfc-2019'),
  'ecdsa-jcs-2019': () => badgeText(p256Agency, 'ecdsa-jcs-2019'),
  'ecdsa-rdfc-2019, P-384': () => badgeText(p384Agency, 'ecdsa-rdfc-2019'),
  'ecdsa-jcs-2019, P-384': () => badgeText(p384Agency, 'ecdsa-jcs-2019'),
  'ecdsa-sd-2023': derived,
  'vc+jwt, Ed25519': () => badgeText(keyAgency, 'vc+jwt'),
  'vc+jwt, P-256': () => badgeText(p256Agency, 'vc+jwt'),
  'badge-jwt': () => badgeText(p256Agency, 'badge-jwt'),
  'dc+sd-jwt': async () => ({ issuer: p256Agency, text: await held() }),
  'dc+sd-jwt, bound': async () => ({ issuer: p256Agency, text: await shown() }),
}
export const formOf = (name: FormName): Promise<Form> => makers[name]()

export async function trustInAll(): Promise<Trust> {
  const list = await trustListOf()
  const more = await Promise.all([p256Agency, p384Agency].map(entryOf))
  return trustOf(await signTrustList({ ...list, agencies: [...list.agencies, ...more] }))
}

/** Statuses of a list that is long enough, with some set. */
export function statuses(set: Readonly<Record<number, number>> = {}): Uint8Array {
  const values = new Uint8Array(8192)
  for (const [index, value] of Object.entries(set)) values[Number(index)] = value
  return values
}

export const tokenItem = (token: string, named: string = tokenList): EvidenceItem => ({
  kind: 'token-status-list',
  url: named,
  document: { id: named, token },
})

export async function tokenListOf(
  signer: GeneratedSigner = p256Agency,
  change: Partial<TokenStatusListContent> = {},
): Promise<EvidenceItem> {
  const claims = tokenStatusListClaims({
    uri: tokenList,
    iat: at('2026-05-20T00:00:00Z'),
    exp: at('2026-06-20T00:00:00Z'),
    bits: 2,
    values: statuses(),
    ...change,
  })
  return tokenItem(await signTokenStatusList(claims, signer))
}

/** Lists of every agency, none of them saying anything against anybody. */
export const allLists = async (): Promise<readonly EvidenceItem[]> => [
  ...(await Promise.all(
    [keyAgency, p256Agency, p384Agency].flatMap((agency) => {
      const suite = agency === keyAgency ? 'eddsa-jcs-2022' : 'ecdsa-jcs-2019'
      return (['revocation', 'suspension'] as const).map((one) => statusListOf(agency, one, {}, suite))
    }),
  )),
  await tokenListOf(),
]

const encoded = (part: Json): string => toBase64url(utf8(JSON.stringify(part)))
export const decoded = (part: string): Loose => JSON.parse(utf8Text(fromBase64url(part)!)!)

/** A token whose header or payload is changed and whose signature is not. */
export function retold(token: string, alter: (header: Loose, payload: Loose) => void): string {
  const [jwt = '', ...rest] = token.split('~')
  const [header = '', payload = '', signature] = jwt.split('.')
  const parts = [decoded(header), decoded(payload)]
  alter(parts[0], parts[1])
  return [[...parts.map(encoded), signature].join('.'), ...rest].join('~')
}

/** The same, signed again by `signer`. */
export async function retoldBy(
  signer: GeneratedSigner,
  token: string,
  alter: (header: Loose, payload: Loose) => void,
): Promise<string> {
  const [jwt = '', ...rest] = retold(token, alter).split('~')
  const input = jwt.slice(0, jwt.lastIndexOf('.'))
  return [`${input}.${toBase64url(await signer.sign(utf8(input)))}`, ...rest].join('~')
}

export const context2 = 'https://www.w3.org/ns/credentials/v2'

/** A presentation as Data Integrity secures it. */
export const presentationOf = (
  credentials: readonly Json[],
  holder: GeneratedSigner,
  { suite = 'ecdsa-rdfc-2019', ...options }: NonNullable<Parameters<typeof sign>[2]> = {},
  change: JsonObject = {},
): Promise<JsonObject> =>
  sign(
    {
      '@context': [context2],
      type: ['VerifiablePresentation'],
      holder: holder.controller,
      verifiableCredential: credentials,
      ...change,
    },
    holder,
    { suite, purpose: 'authentication', ...binding, ...options },
  )
