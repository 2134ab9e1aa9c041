import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type Bytes, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { DidUrl } from '../../src/base/did-url.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint, toJwk } from '../../src/key/public-key.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { issuerMetadata } from '../../src/securing/sd-jwt-vc.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import type { Check } from '../../src/verify/report.ts'
import { type VerifyOptions, verify, verifyCredential, verifyPresentation } from '../../src/verify/verify.ts'
import { firstLine, didOf as logDid, signerOf as logSigner, nextLine, stateOf } from '../did/logs.ts'
import { authority, certificate, type Issued, names, signing } from '../key/x509.ts'
import { tokenOf } from '../securing/tokens.ts'
import {
  allStand,
  at,
  entryOf,
  keyAgency,
  now,
  outcomesOf,
  type Scene,
  sceneOf,
  sign,
  signTrustList,
  trustListOf,
  trustOf,
  webAgency,
  webDocumentOf,
} from './scene.ts'

const seed = (byte: number): Bytes => new Uint8Array(32).fill(byte)
const signerNamed = (byte: number, url: string): GeneratedSigner =>
  signerOfSeed(seed(byte), { verificationMethod: url as DidUrl })

const web = 'did:web:issuer.example'
const webAt = 'https://issuer.example/.well-known/did.json'
const https = 'https://issuer.example/controller'
const webIssuer = signerNamed(21, `${web}#k1`)
const httpsIssuer = signerNamed(22, `${https}#k1`)
const stranger = signerOfSeed(seed(23))
const badgeKey = signerOfSeed(seed(24), { algorithm: 'P-256', verificationMethod: `${web}#k1` })

const membership = (issuer: string): JsonObject => ({
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://www.w3.org/ns/credentials/undefined-terms/v2',
  ],
  id: 'urn:uuid:44444444-2222-4333-8444-555555555555',
  type: ['VerifiableCredential'],
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', memberOf: 'A club' },
})
const signedBy = async (signer: GeneratedSigner, issuer: string = signer.controller): Promise<string> =>
  JSON.stringify(await sign(membership(issuer), signer))

/** A document that lists one key for assertions. */
const documentOf = (
  id: string,
  signer: GeneratedSigner,
  { method = {}, ...more }: { method?: object } & Record<string, unknown> = {},
): JsonObject =>
  ({
    id,
    verificationMethod: [
      { id: `${id}#k1`, type: 'Multikey', controller: id, publicKeyMultibase: signer.multikey, ...method },
    ],
    assertionMethod: [`${id}#k1`],
    ...more,
  }) as JsonObject

/** A network of these answers; texts stand as they are. */
const network = (answers: Readonly<Record<string, unknown>>) =>
  vi.fn<Fetch>(async (url) => {
    if (!Object.hasOwn(answers, url)) return new Response('', { status: 404 })
    const answer = answers[url]
    return typeof answer === 'string' ? new Response(answer) : Response.json(answer)
  })

const brought = (...documents: readonly JsonObject[]): { items: readonly EvidenceItem[] } => ({
  items: documents.map((document) => ({ kind: 'did-document', url: String(document.id), document })),
})

/** `pass`, or outcome, reason and detail. */
const said = (check: Check<'issuer'>): string => {
  if (check.outcome === 'pass' || check.outcome === 'skipped') return check.outcome
  return `${check.outcome} ${check.reason}: ${check.detail}`
}
const issuerOf = async (text: string, options: VerifyOptions): Promise<string> =>
  said((await verifyCredential(text, { now, ...options })).checks.issuer)

const iss = 'https://issuer.example/tenant'
const metadataAt = 'https://issuer.example/.well-known/jwt-vc-issuer/tenant'
const claimsOf = (issuer: string) => ({ vct: 'https://issuer.example/vct', iss: issuer, iat: 1767225600 })
const sdJwt = async (header: object, signer = webIssuer, issuer: string = iss, alg = 'EdDSA') =>
  `${await tokenOf({ alg, typ: 'dc+sd-jwt', ...header }, claimsOf(issuer), signer)}~`
const listed = (...keys: readonly (readonly [kid: string, signer: GeneratedSigner])[]) =>
  issuerMetadata({ issuer: iss, keys: keys.map(([kid, { publicKey: key }]) => ({ kid, key })) })

/** An authority of certificates, and one of its certificates for the issuer's host and for its DID. */
let root: Issued
let leaf: Issued
const base64 = ({ der }: Issued): string => Buffer.from(der).toString('base64')
const holding = ({ keys }: Issued): GeneratedSigner => ({
  ...badgeKey,
  sign: async (bytes) =>
    new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, bytes)),
})
const chained = (issuer: string = iss, by: Issued = leaf): Promise<string> =>
  sdJwt({ x5c: [base64(by)] }, holding(by), issuer, 'ES256')

/** The log of a DID whose document lists a key, and what may follow. */
const keyed = (did: string, n: 0 | 1 | 2): JsonObject =>
  stateOf(did, {
    verificationMethod: [
      { id: `${did}#k${n}`, type: 'Multikey', controller: did, publicKeyMultibase: keys[n].multikey },
    ],
    assertionMethod: [`${did}#k${n}`],
  })
const template = 'did:webvh:{SCID}:issuer.example'
const logAt = 'https://issuer.example/.well-known/did.jsonl'
const keys = [11, 12, 13].map(seed).map((one) => signerOfSeed(one)) as [
  GeneratedSigner,
  GeneratedSigner,
  GeneratedSigner,
]
const first = await firstLine({ state: keyed(template, 0) })
const webvh = logDid(first)
const webvhIssuer = (n: 0 | 1 | 2) => signerNamed(11 + n, `${webvh}#k${n}`)
const second = await nextLine(first, { state: keyed(webvh, 1) })
const third = await nextLine(second, { state: keyed(webvh, 2) })
/** Another second entry, which the same controller signed. */
const fork = await nextLine(first, { state: keyed(webvh, 2) })
/** The log of another DID. */
const foreign = await firstLine({ versionTime: '2026-03-02T09:00:00Z' })
const ended = await nextLine(second, { parameters: { deactivated: true } })
const logOf = (...entries: readonly string[]): JsonObject => ({
  id: webvh,
  log: entries.map((line) => `${line}\n`).join(''),
})

beforeAll(async () => {
  root = await certificate({ subject: 'CN=Root', extensions: authority() })
  leaf = await certificate({
    subject: 'CN=Issuer',
    issuer: root,
    extensions: [signing(), names({ type: 'dns', value: 'Issuer.example' }, { type: 'url', value: web })],
  })
})
const trusting = () => ({ policy: { certificateRoots: [base64(root)] } })

describe('the key of any credential’s issuer', () => {
  const jwkId = (signer: GeneratedSigner) =>
    `did:jwk:${toBase64url(utf8(JSON.stringify(toJwk(signer.publicKey))))}`
  const jwkIssuer = signerNamed(25, `${jwkId(signerOfSeed(seed(25)))}#0`)
  const badgeJwt = (header: object, signer = badgeKey) => {
    const document = membership(web)
    return tokenOf(
      { alg: 'ES256', typ: 'JWT', ...header },
      {
        ...document,
        iss: web,
        jti: document.id as string,
        sub: 'did:example:subject',
        nbf: 1767225600,
      },
      signer,
    )
  }
  const jwk = toJwk(badgeKey.publicKey)

  test.each<[what: string, text: () => Promise<string>, answers: object, options?: () => VerifyOptions]>([
    ['did:key', () => signedBy(stranger), {}],
    ['did:jwk', () => signedBy(jwkIssuer), {}],
    [
      'did:jwk, in a vc+jwt',
      () =>
        signVcJwt(membership(jwkIssuer.controller), {
          signer: jwkIssuer,
          kind: 'vc',
          created: at('2026-05-01T00:00:00Z'),
        }),
      {},
    ],
    ['did:web', () => signedBy(webIssuer), { [webAt]: documentOf(web, webIssuer) }],
    ['an https document', () => signedBy(httpsIssuer), { [https]: documentOf(https, httpsIssuer) }],
    [
      'an https document, in a vc+jwt',
      () =>
        signVcJwt(membership(https), {
          signer: httpsIssuer,
          kind: 'vc',
          created: at('2026-05-01T00:00:00Z'),
        }),
      { [https]: documentOf(https, httpsIssuer) },
    ],
    ['did:webvh', () => signedBy(webvhIssuer(1)), { [logAt]: logOf(first, second).log }],
    [
      'SDVC-4: metadata',
      () => sdJwt({ kid: 'k2' }),
      { [metadataAt]: listed(['k1', stranger], ['k2', webIssuer]) },
    ],
    [
      'SDVC-4: metadata of one key without a kid',
      () => sdJwt({}),
      { [metadataAt]: listed(['k2', webIssuer]) },
    ],
    [
      'SDVC-4: an SD-JWT VC of a did:web',
      () => sdJwt({ kid: '#k1' }, webIssuer, web),
      { [webAt]: documentOf(web, webIssuer) },
    ],
    ['SDVC-4: a chain for the host', () => chained(), {}, trusting],
    ['SDVC-4: a chain for the DID', () => chained(web), {}, trusting],
    [
      'a jwk in the header that the issuer lists',
      () => badgeJwt({ jwk }),
      { [webAt]: documentOf(web, badgeKey) },
    ],
  ])('is found: %s', async (_what, text, answers, options) => {
    const fetch = network(answers as Record<string, unknown>)
    const report = await verifyCredential(await text(), { now, fetch, ...options?.() })
    expect(report.checks).toMatchObject({ issuer: { outcome: 'pass' }, proof: { outcome: 'pass' } })
    expect(report.verdict).toBe('valid')
  })

  test.each<[what: string, document: JsonObject, issuer: string]>([
    ['another’s document', documentOf('did:web:other.example', webIssuer), `unknown did_not_at_hand: ${web}`],
    [
      'CID-5 a key for authentication alone',
      documentOf(web, webIssuer, { assertionMethod: [], authentication: [`${web}#k1`] }),
      'unknown method_not_for_purpose: assertionMethod',
    ],
    [
      'CID-6 a key that is embedded for authentication',
      documentOf(web, webIssuer, {
        verificationMethod: [],
        authentication: (documentOf(web, webIssuer) as { verificationMethod: JsonObject[] })
          .verificationMethod,
      }),
      'unknown method_not_for_purpose: assertionMethod',
    ],
    [
      'CID-3 a key that was revoked',
      documentOf(web, webIssuer, { method: { revoked: '2026-05-31T00:00:00Z' } }),
      'fail key_ended: 2026-05-31T00:00:00Z',
    ],
    [
      'CID-3 a key that ends now',
      documentOf(web, webIssuer, { method: { expires: now } }),
      `fail key_ended: ${now}`,
    ],
    [
      'a key of another controller',
      documentOf(web, webIssuer, { method: { controller: 'did:web:other.example' } }),
      'unknown method_of_another_controller: did:web:other.example',
    ],
    [
      'a document without the key',
      documentOf(web, webIssuer, { verificationMethod: [] }),
      `unknown method_not_found: ${web}#k1`,
    ],
  ])('is not found in what the issuer’s address answers: %s', async (_what, document, issuer) => {
    expect(await issuerOf(await signedBy(webIssuer), { fetch: network({ [webAt]: document }) })).toBe(issuer)
  })

  test.each([web, https])('of %s is not vouched for by a document that somebody brought', async (id) => {
    const signer = id === web ? webIssuer : httpsIssuer
    const evidence = brought(documentOf(id, signer))
    const text = await signedBy(signer)
    expect(await issuerOf(text, { evidence })).toBe(`unknown key_not_vouched: ${id}#k1`)
    expect(await issuerOf(text, { evidence, fetch: network({}) })).toBe(`unknown key_not_vouched: ${id}#k1`)
    expect(await issuerOf(text, {})).toBe(`unknown did_not_at_hand: ${id}`)
  })

  test('CID-1: what another address answers in the issuer’s name vouches for nothing', async () => {
    const other = signerNamed(26, 'did:web:evil.example#k1')
    const forged = await signedBy(signerNamed(26, `${web}#k1`))
    const evil = 'https://evil.example/.well-known/did.json'
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: other.controller,
      verifiableCredential: [JSON.parse(forged)],
    }
    const text = JSON.stringify(await sign(presentation, other, { purpose: 'authentication' }))
    const fetch = network({ [evil]: documentOf(web, other) })
    const { verdict, credentials } = await verifyPresentation(text, { binding: 'not-asked', now, fetch })
    expect(fetch.mock.calls.map(([url]) => url)).toContain(evil)
    expect(credentials.map(({ report }) => said(report.checks.issuer))).toEqual([
      `unknown key_not_vouched: ${web}#k1`,
    ])
    expect(verdict).toBe('undetermined')
  })

  test('of two documents of one name the fetched one counts, in whatever order they come', async () => {
    const [right, wrong] = [documentOf(web, webIssuer), documentOf(web, stranger)]
    const text = await signedBy(webIssuer)
    const reports = await Promise.all(
      [
        [right, wrong],
        [wrong, right],
      ].map((documents) =>
        verifyCredential(text, { now, evidence: brought(...documents), fetch: network({ [webAt]: right }) }),
      ),
    )
    expect(reports[0]).toMatchObject({ verdict: 'valid' })
    expect(reports[1]).toEqual(reports[0])
    expect(await issuerOf(text, { evidence: brought(right, wrong) })).toBe(
      `unknown key_not_vouched: ${web}#k1`,
    )
  })

  test('of several proofs the one that is certainly another’s is told, wherever it stands', async () => {
    const document = membership(web)
    const proofs = await Promise.all(
      [webIssuer, stranger].map(async (signer) => (await sign(document, signer)).proof as JsonObject),
    )
    const wanted = `fail method_of_another_controller: ${stranger.verificationMethod}`
    for (const proof of [proofs, proofs.toReversed()]) {
      expect(await issuerOf(JSON.stringify({ ...document, proof }), {})).toBe(wanted)
    }
  })

  test.each<[what: string, text: () => Promise<string>, answers: object, issuer: string]>([
    [
      'KEY-5 a did:key by another name',
      () => signedBy(signerNamed(23, `${stranger.controller}#k1`)),
      {},
      `fail method_not_found: ${stranger.controller}#k1`,
    ],
    [
      'a did:jwk by another name',
      () => signedBy(signerNamed(25, `${jwkIssuer.controller}#1`)),
      {},
      `fail method_not_found: ${jwkIssuer.controller}#1`,
    ],
    [
      'a did:key that is none',
      () => signedBy(signerNamed(23, 'did:key:z6Mk#z6Mk')),
      {},
      'fail did_malformed: did:key:z6Mk',
    ],
    [
      'a method that nobody knows',
      () => signedBy(signerNamed(23, 'did:ion:abc#k1')),
      {},
      'unknown did_method_unknown: did:ion:abc',
    ],
    [
      'another’s key',
      () => signedBy(stranger, web),
      {},
      `fail method_of_another_controller: ${stranger.verificationMethod}`,
    ],
    [
      'a jwk that the issuer does not list',
      () => badgeJwt({ jwk }),
      { [webAt]: documentOf(web, webIssuer) },
      `unknown method_not_found: ${thumbprint(badgeKey.publicKey)}`,
    ],
    [
      'a jwk that is for authentication',
      () => badgeJwt({ jwk }),
      { [webAt]: documentOf(web, badgeKey, { assertionMethod: [], authentication: [`${web}#k1`] }) },
      `unknown method_not_found: ${thumbprint(badgeKey.publicKey)}`,
    ],
    [
      'a kid of another controller',
      () => badgeJwt({ kid: 'did:web:other.example#k1' }),
      {},
      'fail method_of_another_controller: did:web:other.example#k1',
    ],
  ])('is not found: %s', async (_what, text, answers, issuer) => {
    const fetch = network(answers as Record<string, unknown>)
    expect(await issuerOf(await text(), { fetch })).toBe(issuer)
  })
})

describe('SDVC-4: the keys that an https issuer lists', () => {
  const others = { ...listed(['k1', webIssuer]), issuer: 'https://other.example' }
  const byReference = { issuer: iss, jwks_uri: 'https://issuer.example/jwks' }

  test.each<[what: string, header: object, metadata: JsonObject | undefined, issuer: string]>([
    ['are not there', { kid: 'k1' }, undefined, `unknown issuer_metadata_not_at_hand: ${iss}`],
    ['are another’s', { kid: 'k1' }, others, `unknown issuer_metadata_not_at_hand: ${iss}`],
    [
      'are of the issuer with a slash more',
      { kid: 'k1' },
      { ...others, issuer: `${iss}/` },
      `unknown issuer_metadata_not_at_hand: ${iss}`,
    ],
    [
      'stand elsewhere',
      { kid: 'k1' },
      byReference,
      'unknown issuer_metadata_malformed: https://issuer.example/jwks',
    ],
    [
      'are none',
      { kid: 'k1' },
      { issuer: iss },
      'unknown issuer_metadata_malformed: not exactly one of jwks and jwks_uri',
    ],
    ['do not have the kid', { kid: 'k9' }, listed(['k1', webIssuer]), 'unknown method_not_found: k9'],
    [
      'are two of one kid',
      { kid: 'k1' },
      listed(['k1', webIssuer], ['k1', stranger]),
      'unknown method_not_found: k1',
    ],
    [
      'are two, of which none is named',
      {},
      listed(['k1', webIssuer], ['k2', stranger]),
      'unknown method_not_found: ',
    ],
  ])('say nothing where they %s', async (_what, header, metadata, issuer) => {
    const fetch = network(metadata === undefined ? {} : { [metadataAt]: metadata })
    expect(await issuerOf(await sdJwt(header), { fetch })).toBe(issuer)
  })

  test('vouch for nobody where somebody else brought them', async () => {
    const document = listed(['k1', webIssuer])
    const evidence = { items: [{ kind: 'issuer-metadata', url: iss, document } as const] }
    const text = await sdJwt({ kid: 'k1' })
    expect(await issuerOf(text, { evidence })).toBe(`unknown key_not_vouched: ${iss}`)
    const fetch = network({ [metadataAt]: listed(['k1', stranger]) })
    expect((await verifyCredential(text, { now, evidence, fetch })).checks).toMatchObject({
      issuer: { outcome: 'pass' },
      proof: { outcome: 'fail', reason: 'signature_mismatch' },
    })
  })
})

describe('SDVC-4: the key of a chain of certificates', () => {
  test('is nobody’s where the caller named no root, or another', async () => {
    const text = await chained()
    const other = await certificate({ subject: 'CN=Other', extensions: authority() })
    const issuer = 'unknown certificate_not_trusted: chain_root_unknown, certificate 0'
    expect(await issuerOf(text, {})).toBe(issuer)
    expect(await issuerOf(text, { policy: { certificateRoots: [base64(other)] } })).toBe(issuer)
  })

  test.each(['https://other.example/tenant', 'https://sub.issuer.example', 'did:web:other.example'])(
    'is not that of %s',
    async (other) => {
      expect(await issuerOf(await chained(other), trusting())).toBe(
        `fail certificate_not_trusted: not for ${other}`,
      )
    },
  )

  test.each<[what: string, change: object, issuer: string]>([
    [
      'has run out',
      { until: '2026-05-31T00:00:00Z' },
      'fail certificate_not_trusted: certificate_expired, certificate 0',
    ],
    [
      'has not begun',
      { from: '2026-06-02T00:00:00Z' },
      'fail certificate_not_trusted: certificate_not_yet_valid, certificate 0',
    ],
    ['may not sign', { extensions: [] }, 'fail certificate_not_trusted: certificate_use, certificate 0'],
    [
      'has a key of a kind that we do not know',
      { kind: 'P-521' },
      'unknown certificate_not_trusted: certificate_algorithm, certificate 0',
    ],
  ])('is not taken from a certificate that %s', async (_what, change, issuer) => {
    const one = await certificate({ subject: 'CN=Issuer', issuer: root, extensions: [signing()], ...change })
    const text = await sdJwt({ x5c: [base64(one)] }, badgeKey, iss, 'ES256')
    expect(await issuerOf(text, trusting())).toBe(issuer)
  })
})

describe('the key of a did:webvh', () => {
  const verdicts = { pass: 'valid', fail: 'invalid', unknown: 'undetermined' } as const
  const text = (n: 0 | 1 | 2) => signedBy(webvhIssuer(n))
  const refused = `unknown did_log_refused: ${webvh}`
  const forked = `unknown did_log_forked: ${webvh}`
  const missed = `unknown did_not_at_hand: ${webvh}`
  const gone = `unknown method_not_found: ${webvh}#k1`

  test.each<[what: string, logs: readonly JsonObject[], issuer: string]>([
    ['no log', [], missed],
    ['a log', [logOf(first, second)], 'pass'],
    ['a log and its beginning', [logOf(first, second), logOf(first)], 'pass'],
    ['the same log twice', [logOf(first, second), logOf(first, second)], 'pass'],
    ['a log and another that does not hold', [logOf(first, second), logOf(first, second, second)], 'pass'],
    ['a log and rubbish', [logOf(first, second), { id: webvh, log: 'x' }, { id: webvh }], 'pass'],
    ['a log that does not hold', [logOf(first, second, second)], refused],
    ['the log of another', [{ ...logOf(foreign), id: webvh }], refused],
    ['two logs that go on differently', [logOf(first, second), logOf(first, fork)], forked],
    [
      'three, of which a short one is no beginning',
      [logOf(first, second, third), logOf(first, fork), logOf(first)],
      forked,
    ],
    ['a beginning that does not have the key yet', [logOf(first)], gone],
    ['a longer log in which the key was replaced', [logOf(first, second), logOf(first, second, third)], gone],
    ['a log that was ended', [logOf(first, second, ended)], `fail did_deactivated: ${webvh}`],
    [
      'a log that was ended, and its beginning',
      [logOf(first, second, ended), logOf(first, second)],
      `fail did_deactivated: ${webvh}`,
    ],
    [
      'a log that was ended, and one that goes on',
      [logOf(first, second, ended), logOf(first, second, third)],
      forked,
    ],
  ])('with %s', async (_what, logs, issuer) => {
    const made = await text(1)
    const [one, other] = await Promise.all(
      [logs, logs.toReversed()].map((list) => verifyCredential(made, { now, evidence: brought(...list) })),
    )
    expect(other).toEqual(one)
    expect(said(one?.checks.issuer as Check<'issuer'>)).toBe(issuer)
    expect(one?.verdict).toBe(verdicts[issuer.split(' ')[0] as keyof typeof verdicts])
  })

  test('without the proofs of its witnesses, and with too few', async () => {
    const witness = { threshold: 1, witnesses: [{ id: logSigner(2).controller }] }
    const line = await firstLine({ state: keyed(template, 0) }, { parameters: { witness } })
    const did = logDid(line)
    const made = await signedBy(signerNamed(11, `${did}#k0`))
    const files = { id: did, log: `${line}\n` }
    expect(await issuerOf(made, { evidence: brought(files) })).toBe(`unknown did_not_at_hand: ${did}`)
    expect(await issuerOf(made, { evidence: brought({ ...files, witnesses: '[]' }) })).toBe(
      `unknown did_log_refused: ${did}`,
    )
  })

  test('is not known at a moment before its log', async () => {
    const evidence = brought(logOf(first, second))
    expect(await issuerOf(await text(1), { evidence, now: at('2026-02-01T00:00:00Z') })).toBe(refused)
  })
})

describe('the key of an agency whose certificate is judged', () => {
  const sceneBy = async (signer: GeneratedSigner): Promise<Scene> => {
    const list = await trustListOf()
    const trust = trustOf(
      await signTrustList({ ...list, agencies: [...list.agencies, await entryOf(signer)] }),
    )
    return { ...(await sceneOf(signer)), trust }
  }
  const judge = ({ text, trust, evidence }: Scene, more: readonly EvidenceItem[], fetch?: Fetch) =>
    verify(text, { trust, evidence: { items: [...evidence.items, ...more] }, now, fetch })

  test('is that of a did:webvh, and the trust list recognises it', async () => {
    const scene = await sceneBy(webvhIssuer(1))
    expect(outcomesOf(await judge(scene, brought(logOf(first, second)).items))).toEqual(allStand)
    const unlisted = { ...scene, trust: (await sceneOf(keyAgency)).trust }
    expect(outcomesOf(await judge(unlisted, brought(logOf(first, second)).items))).toEqual({
      ...allStand,
      trust: 'fail agency_not_listed',
    })
  })

  test('is not called bad by a log that a stranger brought', async () => {
    const scene = await sceneBy(webvhIssuer(1))
    for (const items of [
      brought({ id: webvh, log: 'x' }).items,
      brought(logOf(first, second, second)).items,
      brought(logOf(first, second), logOf(first, fork)).items,
    ]) {
      expect((await judge(scene, items)).verdict).toBe('undetermined')
    }
  })

  test('is vouched for by the trust list even where the caller fetched the document itself', async () => {
    const scene = await sceneOf(webAgency)
    const at = 'https://agency.example/.well-known/did.json'
    const evidence = { items: scene.evidence.items.filter(({ kind }) => kind !== 'did-document') }
    const fetched = await judge({ ...scene, evidence }, [], network({ [at]: webDocumentOf(webAgency) }))
    expect(outcomesOf(fetched)).toEqual(allStand)
    const swapped = await judge({ ...scene, evidence }, [], network({ [at]: webDocumentOf(stranger) }))
    expect(said(swapped.checks.issuer)).toBe('unknown key_not_vouched: did:web:agency.example#k1')
  })

  test('has ended where its own address says so, whatever document somebody brings', async () => {
    const scene = await sceneOf(webAgency)
    const document = webDocumentOf(webAgency) as { verificationMethod: JsonObject[] } & JsonObject
    const [method] = document.verificationMethod as [JsonObject]
    const revoked = { ...document, verificationMethod: [{ ...method, revoked: '2026-05-01T00:00:00Z' }] }
    const fetch = network({ 'https://agency.example/.well-known/did.json': revoked })
    const kinder: readonly EvidenceItem[] = [
      { kind: 'did-document', url: webAgency.controller, document: webDocumentOf(webAgency) },
    ]
    expect((await judge(scene, kinder, fetch)).checks).toMatchObject({
      issuer: { outcome: 'pass' },
      trust: { outcome: 'unknown', reason: 'key_maybe_compromised' },
    })
  })
})
