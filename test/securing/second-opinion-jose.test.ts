import { createVerifiableCredentialJwt, verifyCredential } from 'did-jwt-vc'
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { algorithmNames, algorithms } from '../../src/key/algorithm.ts'
import { fromJwk, type PublicKey, toJwk } from '../../src/key/public-key.ts'
import { verifyJws } from '../../src/securing/jws.ts'
import { openVcJwt, signVcJwt, type VcJwtKind } from '../../src/securing/vc-jwt.ts'
import {
  openTokenStatusList,
  signTokenStatusList,
  tokenStatusListClaims,
} from '../../src/status/token-status-list.ts'
import { contexts, created, document } from './shared-document.ts'
import { signers } from './tokens.ts'

const expires = '2027-03-01T09:00:01Z' as Instant
const lastSecond = '2027-03-01T09:00:00Z' as Instant
const currentDate = new Date('2026-06-01T00:00:00Z')
const kid = 'did:web:agency.example#k1'
const presentation = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiablePresentation'],
  holder: 'did:web:agency.example',
}
const documents: Readonly<Record<VcJwtKind, JsonObject>> = { vc: document, vp: presentation }
const kinds = ['vc', 'vp'] as const
const pairs = algorithmNames.flatMap((algorithm) => kinds.map((kind) => [kind, algorithm] as const))

const claims = tokenStatusListClaims({
  uri: 'https://agency.example/status/1',
  iat: created,
  exp: expires,
  bits: 2,
  values: [0, 1, 2, 3],
})

describe('jose reads', () => {
  test.each(pairs)('our %s+jwt of %s', async (kind, algorithm) => {
    const signer = signers[algorithm]
    const compact = await signVcJwt(documents[kind], {
      signer,
      kind,
      created,
      expires,
      ...(kind === 'vp' && { challenge: 'n-1', audience: 'https://verifier.example' }),
    })
    const key = await importJWK(toJwk(signer.publicKey) as JWK, algorithms[algorithm].jws[0])
    const { payload, protectedHeader } = await jwtVerify(compact, key, {
      typ: `${kind}+jwt`,
      currentDate,
      requiredClaims: ['iat', 'exp'],
      ...(kind === 'vp' && { audience: 'https://verifier.example' }),
    })
    const { iat, exp, nonce, aud, ...stated } = payload
    expect(stated).toEqual(documents[kind])
    expect([iat, exp, nonce, aud]).toEqual([
      1772355601,
      1803891601,
      ...(kind === 'vp' ? ['n-1', 'https://verifier.example'] : [undefined, undefined]),
    ])
    expect(protectedHeader).toEqual({ typ: `${kind}+jwt`, cty: kind, kid, alg: algorithms[algorithm].jws[0] })
    await expect(
      jwtVerify(compact, key, { currentDate: new Date('2027-03-01T09:00:02Z') }),
    ).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })

  test('our statuslist+jwt', async () => {
    const signer = signers['P-256']
    const key = await importJWK(toJwk(signer.publicKey) as JWK, 'ES256')
    const compact = await signTokenStatusList(claims, signer)
    const { payload } = await jwtVerify(compact, key, { typ: 'statuslist+jwt', currentDate })
    expect(payload).toEqual(claims)
  })
})

describe('we read of jose', () => {
  const signed = async (alg: string, payload: JsonObject, typ: string) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const compact = await new SignJWT(payload as JWTPayload)
      .setProtectedHeader({ alg, typ, kid })
      .setIssuedAt(1772355601)
      .setExpirationTime(1803891601)
      .sign(privateKey)
    return { compact, key: fromJwk((await exportJWK(publicKey)) as JsonObject) as PublicKey }
  }

  test.each(['EdDSA', 'ES256', 'ES384'].flatMap((alg) => kinds.map((kind) => [kind, alg] as const)))(
    'a %s+jwt of %s',
    async (kind, alg) => {
      const { compact, key } = await signed(alg, documents[kind], `${kind}+jwt`)
      const opening = openVcJwt(compact, { kind })
      const signature = opening.ok ? opening.opened.signatures[0] : undefined
      expect(signature).toMatchObject({ suite: alg, created, expires: lastSecond })
      expect(await signature?.verify(key, contexts)).toMatchObject({ ok: true, document: documents[kind] })
    },
  )

  test('a statuslist+jwt', async () => {
    const { compact, key } = await signed('ES256', claims, 'statuslist+jwt')
    const opening = openTokenStatusList(compact)
    expect(opening.ok && (await verifyJws(opening.jws, key))).toBe('good')
    expect(opening).toMatchObject({ list: { bits: 2, iat: 1772355601, exp: 1803891601 } })
  })
})

describe('did-jwt-vc, which speaks the JWT of version 1.1', () => {
  const signer = signers.Ed25519
  const did = 'did:web:agency.example'
  const resolver = {
    resolve: async () => ({
      didResolutionMetadata: {},
      didDocumentMetadata: {},
      didDocument: {
        id: did,
        verificationMethod: [
          { id: kid, type: 'JsonWebKey2020', controller: did, publicKeyJwk: toJwk(signer.publicKey) },
        ],
        assertionMethod: [kid],
        authentication: [kid],
      },
    }),
  }
  const now = currentDate.getTime() / 1000

  test('JC-1: makes what our vc+jwt refuses for its claim vc, whatever its typ', async () => {
    const issuer = {
      did,
      alg: 'EdDSA',
      signer: async (data: string | Uint8Array) => {
        const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)
        return Buffer.from(await signer.sign(bytes)).toString('base64url')
      },
    }
    const payload = {
      sub: 'did:example:lisi',
      nbf: 1772355601,
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiableCredential'],
        credentialSubject: { name: '李四' },
      },
    }
    const theirs = await createVerifiableCredentialJwt(payload, issuer, { header: { kid } })
    expect((await verifyCredential(theirs, resolver, { policies: { now } })).verified).toBe(true)
    expect(openVcJwt(theirs, { kind: 'vc' })).toMatchObject({
      ok: false,
      fault: 'jwt_type',
      detail: 'typ JWT',
    })
    const typed = await createVerifiableCredentialJwt(payload, issuer, {
      header: { kid, typ: 'vc+jwt' as 'JWT' },
    })
    expect(openVcJwt(typed, { kind: 'vc' })).toMatchObject({
      ok: false,
      fault: 'jwt_claim',
      detail: 'vc: the payload has to be the document itself',
    })
  })

  test('says of ours that it has no iss, which a full kid makes superfluous', async () => {
    const ours = await signVcJwt(document, { signer, kind: 'vc', created })
    await expect(verifyCredential(ours, resolver, { policies: { now } })).rejects.toThrow(
      'JWT iss or client_id are required',
    )
  })
})
