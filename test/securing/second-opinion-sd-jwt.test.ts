/** The library of the OpenWallet Foundation, both ways and without a network: what one makes, the other verifies. */

import { createHash } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase64url, toBase64url, utf8 } from '../../src/base/bytes.ts'
import { hmacSha256 } from '../../src/base/digest.ts'
import { epoch, type Instant } from '../../src/base/instant.ts'
import { gradeCertificateVct, readClaims } from '../../src/credential/claims.ts'
import { issueSdJwt } from '../../src/issue/issue-sd-jwt.ts'
import { algorithms, type SigningAlgorithm } from '../../src/key/algorithm.ts'
import { toJwk, verifySignature } from '../../src/key/public-key.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { openSdJwt, present, verifyKeyBinding } from '../../src/securing/sd-jwt.ts'
import { openSdJwtVc } from '../../src/securing/sd-jwt-vc.ts'
import { exampleAgency, fullCertificate } from '../certificates.ts'

const now = '2026-04-01T00:00:00Z' as Instant
const seconds = epoch(now) / 1000
const demand = { audience: 'https://employer.example', nonce: 'n-0S6_WzA2Mj', now }
const keys = (['Ed25519', 'P-256', 'P-384'] as const).map((algorithm) => {
  const seed = (byte: number) => new Uint8Array(algorithms[algorithm].secretBytes).fill(byte)
  const verificationMethod = `${exampleAgency.id}#key-1` as const
  return {
    algorithm,
    issuer: signerOfSeed(seed(1), { algorithm, verificationMethod }),
    wallet: signerOfSeed(seed(2), { algorithm }),
  }
})
const salt = (label: string): Bytes => hmacSha256(utf8('test salts'), utf8(label)).slice(0, 16)

/** Their instance with our keys; hashes are Node's, so that no code of ours judges itself. */
function theirs(issuer: GeneratedSigner, wallet: GeneratedSigner): SDJwtVcInstance {
  const alg = (algorithm: SigningAlgorithm) => algorithms[algorithm].jws[0] as string
  const sign = (signer: GeneratedSigner) => async (text: string) => toBase64url(await signer.sign(utf8(text)))
  const verify = (signer: GeneratedSigner) => async (text: string, signature: string) =>
    verifySignature(signer.publicKey, utf8(text), fromBase64url(signature) ?? new Uint8Array())
  let count = 0
  return new SDJwtVcInstance({
    signer: sign(issuer),
    signAlg: alg(issuer.algorithm),
    verifier: verify(issuer),
    kbSigner: sign(wallet),
    kbSignAlg: alg(wallet.algorithm),
    kbVerifier: verify(wallet),
    hashAlg: 'sha-256',
    hasher: (data) =>
      new Uint8Array(
        createHash('sha256')
          .update(typeof data === 'string' ? data : new Uint8Array(data))
          .digest(),
      ),
    saltGenerator: () => toBase64url(salt(`theirs ${count++}`)),
  })
}

const claims = {
  vct: gradeCertificateVct,
  iss: exampleAgency.id,
  iat: seconds - 60,
  name: '王𠮷',
  id_number: '110000199003078572',
  address: { city: '北京', street: '中关村大街1号' },
  languages: ['zh', 'en', 'fr'],
}
const frame = {
  _sd: ['name', 'id_number', 'address'],
  _sd_decoy: 3,
  address: { _sd: ['street'] },
  languages: { _sd: [0, 2] },
}

describe.each(keys)('what they make with $algorithm', ({ issuer, wallet }) => {
  const their = theirs(issuer, wallet)
  const issued = () =>
    their.issue({ ...claims, cnf: { jwk: { ...toJwk(wallet.publicKey) } } }, frame as never, {
      header: { kid: issuer.verificationMethod },
    })

  test('opens here, is signed, and says what was stated', async () => {
    const opening = openSdJwtVc(await issued())
    expect(opening).toMatchObject({ ok: true, opened: { document: claims }, sdJwt: { isPartial: true } })
    const [signature] = opening.ok ? opening.opened.signatures : []
    expect(await signature?.verify(issuer.publicKey, {} as never)).toMatchObject({ ok: true })
    expect(await signature?.verify(wallet.publicKey, {} as never)).toMatchObject({
      fault: 'signature_mismatch',
    })
  })

  test('is bound to the holder when they present it', async () => {
    const text = await their.present(
      await issued(),
      { name: true, address: { street: true }, languages: { 2: true } } as never,
      { kb: { payload: { iat: seconds, aud: demand.audience, nonce: demand.nonce } } },
    )
    const opening = openSdJwt(text)
    expect(opening).toMatchObject({
      ok: true,
      sdJwt: { claims: { name: '王𠮷', address: claims.address, languages: ['en', 'fr'] } },
    })
    if (!opening.ok) return
    expect(opening.sdJwt.claims).not.toHaveProperty('id_number')
    expect(await verifyKeyBinding(opening.sdJwt, demand)).toMatchObject({ ok: true, key: wallet.publicKey })
    const other = { ...demand, nonce: 'another' }
    expect(await verifyKeyBinding(opening.sdJwt, other)).toEqual({ ok: false, fault: 'key_binding_nonce' })
  })

  test('can be presented by us, and they take it', async () => {
    const text = await present(await issued(), {
      disclose: ['/address/street', '/languages/0'],
      keyBinding: { signer: wallet, ...demand },
    })
    const { payload, kb } = await their.verify(text, { currentDate: seconds, keyBindingNonce: demand.nonce })
    expect(payload).toMatchObject({ address: claims.address, languages: ['zh', 'en'] })
    expect(payload).not.toHaveProperty('name')
    expect(kb?.payload).toMatchObject({ aud: demand.audience, nonce: demand.nonce, iat: seconds })
  })
})

describe.each(keys)('what we make with $algorithm', ({ issuer, wallet }) => {
  const their = theirs(issuer, wallet)
  const issued = async () =>
    (
      await issueSdJwt(fullCertificate, {
        signer: issuer,
        holder: { idType: 'resident-id', idNumber: '110000199003078572', birthDate: '1990-03-07' },
        confirmation: wallet.publicKey,
        created: '2026-03-02T01:00:00Z' as Instant,
        salt,
      })
    ).text
  const verified = (text: string) =>
    their.verify(text, { currentDate: seconds, keyBindingNonce: demand.nonce })
  const shown = async () =>
    present(await issued(), { disclose: ['name', 'theory_score'], keyBinding: { signer: wallet, ...demand } })

  test('they verify, with all claims or those shown', async () => {
    const { payload } = await their.verify(await issued(), { currentDate: seconds })
    expect(readClaims(payload as never)).toMatchObject({
      ok: true,
      certificate: { number: fullCertificate.number, holder: { idNumber: '110000199003078572' } },
    })
    const { payload: less, kb } = await verified(await shown())
    expect(less).toMatchObject({ name: '王𠮷', theory_score: '86.5', grade: { code: 'junior', ordinal: 1 } })
    expect(less).not.toHaveProperty('id_number')
    expect(kb?.payload).toMatchObject({ aud: demand.audience, nonce: demand.nonce })
  })

  test('they present, and we take it', async () => {
    const text = await their.present(await issued(), { name: true, portrait: true } as never, {
      kb: { payload: { iat: seconds, aud: demand.audience, nonce: demand.nonce } },
    })
    const opening = openSdJwtVc(text)
    if (!opening.ok) throw new Error(opening.fault)
    expect(readClaims(opening.opened.document)).toMatchObject({ certificate: { holder: { name: '王𠮷' } } })
    expect(await verifyKeyBinding(opening.sdJwt, demand)).toMatchObject({ ok: true })
  })

  test.each<[what: string, alter: (text: string) => string | Promise<string>]>([
    ['a payload changed', (text) => text.replace(/\.(.)/, (_, first) => `.${first === 'e' ? 'f' : 'e'}`)],
    ['a signature changed', (text) => changed(text, text.indexOf('~') - 20)],
    ['a disclosure changed', (text) => changed(text, text.indexOf('~') + 20)],
    ['a disclosure taken off under the binding', (text) => text.replace(/~[^~]+/, '')],
    ['a disclosure that belongs elsewhere', (text) => text.replace('~', `~${stray}~`)],
    ['a binding changed', (text) => changed(text, text.length - 20)],
    ['another holder’s binding', async (text) => `${openedText(text)}${await otherBinding()}`],
  ])('both refuse %s', async (_what, alter) => {
    const text = await alter(await shown())
    await expect(verified(text)).rejects.toThrow()
    expect(await weTake(text)).toBe(false)
  })

  test('both take what was not changed', async () => {
    await expect(verified(await shown())).resolves.toBeDefined()
    expect(await weTake(await shown())).toBe(true)
  })

  const stray = toBase64url(utf8('["c2FsdHNhbHRzYWx0","title","工程师"]'))
  const openedText = (text: string): string => text.slice(0, text.lastIndexOf('~') + 1)
  const changed = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

  async function weTake(text: string): Promise<boolean> {
    const opening = openSdJwtVc(text)
    if (!opening.ok) return false
    const { opened, sdJwt } = opening
    const results = await Promise.all(
      opened.signatures.map((one) => one.verify(issuer.publicKey, {} as never)),
    )
    return results.every(({ ok }) => ok) && (await verifyKeyBinding(sdJwt, demand)).ok
  }

  /** The binding that the wallet of somebody else makes for their own certificate. */
  async function otherBinding(): Promise<string> {
    const other = signerOfSeed(new Uint8Array(algorithms[wallet.algorithm].secretBytes).fill(3), {
      algorithm: wallet.algorithm,
    })
    const { text } = await issueSdJwt(fullCertificate, {
      signer: issuer,
      confirmation: other.publicKey,
      created: now,
      salt,
    })
    const bound = await present(text, { disclose: ['name'], keyBinding: { signer: other, ...demand } })
    return bound.slice(bound.lastIndexOf('~') + 1)
  }
})
