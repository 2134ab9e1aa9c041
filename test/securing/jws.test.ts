import fc from 'fast-check'
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { concat, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { algorithmNames, algorithms, type SigningAlgorithm } from '../../src/key/algorithm.ts'
import { fromJwk, type PublicKey, toJwk } from '../../src/key/public-key.ts'
import { openAnyJws, openJws, signJws, verifyJws } from '../../src/securing/jws.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { bytesOf, signers, tokenOf } from './tokens.ts'

const payload = { 名: '李四', n: 1.5, list: [null, true] }

/** What verifying finds: the payload's verdict, or the fault of opening. */
async function verdict(compact: string, key: PublicKey = signers.Ed25519.publicKey): Promise<string> {
  const opening = openJws(compact)
  return opening.ok ? verifyJws(opening.jws, key) : opening.fault
}

describe('known answers', () => {
  /** RFC 8037, appendix A.4. Its payload is a sentence, so only the part below `openJws` can read it. */
  const rfc8037 =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
  test('the EdDSA signature of RFC 8037 holds', async () => {
    const key = fromJwk({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })
    const opening = openAnyJws(rfc8037)
    expect(opening).toMatchObject({ ok: true, jws: { payload: utf8('Example of Ed25519 signing') } })
    expect(opening.ok && (await verifyJws(opening.jws, key as PublicKey))).toBe('good')
    expect(openJws(rfc8037)).toEqual({
      ok: false,
      fault: 'jws_malformed',
      detail: 'the payload is no JSON object',
    })
  })

  /** RFC 7515, appendix A.3. */
  const rfc7515 =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
  test('the ES256 signature of RFC 7515 holds', async () => {
    const key = fromJwk({
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    })
    expect(await verdict(rfc7515, key as PublicKey)).toBe('good')
    const opening = openJws(rfc7515)
    expect(opening.ok && opening.jws.payload).toEqual({
      iss: 'joe',
      exp: 1300819380,
      'http://example.com/is_root': true,
    })
  })
})

describe('what we sign', () => {
  test.each(algorithmNames)('%s comes back, the algorithm in its header', async (algorithm) => {
    const signer = signers[algorithm]
    const compact = await signJws({ typ: 'x', alg: 'none' }, payload, signer)
    const opening = openJws(compact)
    expect(opening.ok && opening.jws.header).toEqual({ typ: 'x', alg: algorithms[algorithm].jws[0] })
    expect(opening.ok && opening.jws.payload).toEqual(payload)
    expect(await verdict(compact, signer.publicKey)).toBe('good')
  })

  test('is the same text every time, here and on every machine', async () => {
    expect(await signJws({ typ: 'x' }, { a: 1 }, signers.Ed25519)).toMatchInlineSnapshot(
      `"eyJ0eXAiOiJ4IiwiYWxnIjoiRWREU0EifQ.eyJhIjoxfQ.iJN0AP5fhgd2pPx3a1YE7LnU7IX_0ANMMJcsSt60v_kcY62P8V7hAZhbYORQ55rw40TAuGnyzbSFLT_AKNwFCg"`,
    )
    expect(await signJws({ typ: 'x' }, { a: 1 }, signers['P-256'])).toMatchInlineSnapshot(
      `"eyJ0eXAiOiJ4IiwiYWxnIjoiRVMyNTYifQ.eyJhIjoxfQ.tbV-HideI21_9wVRVmctnNOsbUCZHqZHAmqEc6wzrGuZOnAXg0LLH2C-w1yXYwcM58UOh23CkvycrZlJiMw56Q"`,
    )
  })

  test('a signer that answers in DER is told so', async () => {
    const der = { ...signers['P-256'], sign: () => new Uint8Array(71) }
    await expect(signJws({}, {}, der)).rejects.toMatchObject({
      code: 'securing.signer_misbehaves',
      detail: { bytes: 71 },
    })
  })

  test('opens and verifies, whatever the payload', async () => {
    const json = fc.dictionary(fc.string().filter(isPlainName), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as JsonObject
        fc.pre(isSafe(plain))
        const compact = await signJws({}, plain, signers.Ed25519)
        const opening = openJws(compact)
        expect(opening.ok && opening.jws.payload).toEqual(plain)
        expect(await verdict(compact)).toBe('good')
      }),
      { seed: 3, numRuns: 40 },
    )
  })
})

const isPlainName = (name: string) => !['__proto__', 'constructor', 'prototype'].includes(name)
/** Names below the top that strict JSON refuses, and numbers beyond 2^53, are somebody else's tests. */
const isSafe = (value: Json): boolean =>
  typeof value === 'number'
    ? !Number.isInteger(value) || Number.isSafeInteger(value)
    : typeof value !== 'object' ||
      value === null ||
      Object.entries(value).every(([name, inner]) => isPlainName(name) && isSafe(inner))

describe('a header is refused', () => {
  test.each<[what: string, header: JsonObject | string]>([
    ['without alg', { typ: 'x' }],
    ['with an alg that is no text', { alg: 5 }],
    ['JC-3: with alg none', { alg: 'none' }],
    ['JC-3: with alg None', { alg: 'None' }],
    ['with HS256', { alg: 'HS256' }],
    ['trap 27: with an algorithm that we do not verify', { alg: 'ES512' }],
    ['JC-7: with an extension that has to be understood', { alg: 'EdDSA', crit: ['exp'], exp: 1 }],
    ['with an empty crit', { alg: 'EdDSA', crit: [] }],
    ['with b64 false', { alg: 'EdDSA', b64: false, crit: ['b64'] }],
    ['with b64 though not critical', { alg: 'EdDSA', b64: false }],
    ['with b64 true', { alg: 'EdDSA', b64: true }],
    ['with zip', { alg: 'EdDSA', zip: 'DEF' }],
    ['with the address of keys', { alg: 'EdDSA', jku: 'https://agency.example/jwks' }],
    ['with the address of certificates', { alg: 'EdDSA', x5u: 'https://agency.example/x5c' }],
  ])('%s', async (_what, header) => {
    expect(await verdict(await tokenOf(header, payload))).toBe('jws_header_refused')
  })

  test.each<[what: string, header: string]>([
    ['trap 13: a name twice', '{"alg":"EdDSA","alg":"none"}'],
    ['a name twice, once escaped', '{"alg":"EdDSA","\\u0061lg":"none"}'],
    ['a prototype', '{"alg":"EdDSA","__proto__":{}}'],
    ['a byte order mark', '\uFEFF{"alg":"EdDSA"}'],
    ['a list', '[{"alg":"EdDSA"}]'],
    ['nothing', ''],
    ['no JSON', '{alg:"EdDSA"}'],
  ])('that is %s', async (_what, header) => {
    expect(await verdict(await tokenOf(header, payload))).toBe('jws_malformed')
  })
})

describe('the algorithm is the key’s', () => {
  const public256 = signers['P-256'].publicKey
  test.each<[what: string, alg: string, by: SigningAlgorithm, key: SigningAlgorithm]>([
    ['ES256 under a P-384 key', 'ES256', 'P-384', 'P-384'],
    ['ES384 under a P-256 key', 'ES384', 'P-256', 'P-256'],
    ['EdDSA under a P-256 key', 'EdDSA', 'Ed25519', 'P-256'],
    ['ES256 under an Ed25519 key', 'ES256', 'Ed25519', 'Ed25519'],
    ['RS256 under a P-256 key', 'RS256', 'P-256', 'P-256'],
  ])('%s is refused', async (_what, alg, by, key) => {
    expect(await verdict(await tokenOf({ alg }, payload, signers[by]), signers[key].publicKey)).toBe(
      'key_algorithm',
    )
  })

  test('both names of Ed25519 signatures count', async () => {
    expect(await verdict(await tokenOf({ alg: 'EdDSA' }, payload))).toBe('good')
    expect(await verdict(await tokenOf({ alg: 'Ed25519' }, payload))).toBe('good')
  })

  test('a public key is never the secret of an HMAC', async () => {
    const hmac = await crypto.subtle.importKey(
      'raw',
      public256.bytes,
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const input = `${toBase64url(utf8('{"alg":"HS256"}'))}.${toBase64url(utf8('{}'))}`
    const tag = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, utf8(input)))
    expect(await verdict(`${input}.${toBase64url(tag)}`, public256)).toBe('jws_header_refused')
  })

  test('a key in the header is not the key: trap 25', async () => {
    const attacker = signers['P-256']
    const compact = await tokenOf({ alg: 'ES256', jwk: toJwk(attacker.publicKey) }, payload, attacker)
    const other = await generateKeyPair('ES256', { extractable: true })
    const issuer = fromJwk((await exportJWK(other.publicKey)) as JsonObject) as PublicKey
    expect(await verdict(compact, issuer)).toBe('signature_mismatch')
  })
})

describe('a token is refused or does not verify', () => {
  const good = tokenOf({ alg: 'EdDSA' }, payload)
  const es256 = tokenOf({ alg: 'ES256' }, payload, signers['P-256'])

  test.each<[what: string, alter: (parts: [string, string, string]) => string, fault: string]>([
    ['nothing', () => '', 'jws_malformed'],
    ['without a signature', ([h, p]) => `${h}.${p}`, 'jws_malformed'],
    ['with an empty signature', ([h, p]) => `${h}.${p}.`, 'signature_mismatch'],
    ['with a dot behind it', (parts) => `${parts.join('.')}.`, 'jws_malformed'],
    ['with a dot before it', (parts) => `.${parts.join('.')}`, 'jws_malformed'],
    ['of four parts', (parts) => `${parts.join('.')}.AA`, 'jws_malformed'],
    ['of many parts', () => '.'.repeat(5000), 'jws_malformed'],
    ['with a line break behind it', (parts) => `${parts.join('.')}\n`, 'jws_malformed'],
    ['with a space before it', (parts) => ` ${parts.join('.')}`, 'jws_malformed'],
    ['trap 30: with padding', (parts) => `${parts.join('.')}==`, 'jws_malformed'],
    ['with padding in its header', ([h, p, s]) => `${h}=.${p}.${s}`, 'jws_malformed'],
    [
      'trap 30: with the other alphabet',
      ([h, p, s]) => `${h}.${p}.${s.replace(/[-_]/, '+')}`,
      'jws_malformed',
    ],
    ['trap 30: with trailing bits', ([h, p, s]) => `${h}.${p}.${nextLetter(s)}`, 'jws_malformed'],
    ['with an empty payload', ([h, , s]) => `${h}..${s}`, 'jws_malformed'],
    ['with an empty header', ([, p, s]) => `.${p}.${s}`, 'jws_malformed'],
    ['with another payload', ([h, , s]) => `${h}.${toBase64url(utf8('{}'))}.${s}`, 'signature_mismatch'],
    [
      'with another header of the same meaning',
      ([, p, s]) => `${toBase64url(utf8('{"alg": "EdDSA"}'))}.${p}.${s}`,
      'signature_mismatch',
    ],
    ['with a byte more', ([h, p, s]) => `${h}.${p}.${more(s)}`, 'signature_mismatch'],
    ['in JSON', ([h, p, s]) => JSON.stringify({ protected: h, payload: p, signature: s }), 'jws_malformed'],
    ['of more than a mebibyte', ([h, , s]) => `${h}.${'A'.repeat(1_048_577)}.${s}`, 'jws_too_large'],
  ])('%s', async (_what, alter, fault) => {
    const changed = alter((await good).split('.') as [string, string, string])
    expect(changed).not.toBe(await good)
    expect(await verdict(changed)).toBe(fault)
  })

  test('with a payload that names something twice', async () => {
    expect(await verdict(await tokenOf({ alg: 'EdDSA' }, '{"a":1,"a":2}'))).toBe('jws_malformed')
  })

  test('trap 22: with an ECDSA signature in DER', async () => {
    const [header, body, signature] = (await es256).split('.') as [string, string, string]
    const raw = bytesOf(signature)
    const number = (bytes: typeof raw) => {
      const positive = (bytes[0] as number) > 127 ? concat(Uint8Array.of(0), bytes) : bytes
      return concat(Uint8Array.of(2, positive.length), positive)
    }
    const numbers = concat(number(raw.subarray(0, 32)), number(raw.subarray(32)))
    const der = toBase64url(concat(Uint8Array.of(0x30, numbers.length), numbers))
    expect(await verdict(await es256, signers['P-256'].publicKey)).toBe('good')
    expect(await verdict(`${header}.${body}.${der}`, signers['P-256'].publicKey)).toBe('signature_mismatch')
  })

  test('where any one letter is another', async () => {
    const letters = [...(await good)]
    await fc.assert(
      fc.asyncProperty(fc.nat(letters.length - 1), fc.constantFrom(...'AZaz09-_.'), async (at, letter) => {
        fc.pre(letters[at] !== letter)
        expect(await verdict(letters.with(at, letter).join(''))).not.toBe('good')
      }),
      { seed: 4, numRuns: 150 },
    )
  })
})

/** The last letter changed in the bits that no byte has. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const nextLetter = (text: string) => text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) as string) + 1]
const more = (text: string) => toBase64url(concat(bytesOf(text), Uint8Array.of(0)))

describe('jose as a second opinion', () => {
  test.each(algorithmNames)('reads what we sign with %s', async (algorithm) => {
    const signer = signers[algorithm]
    const compact = await signJws({ typ: 'x' }, payload, signer)
    const key = await importJWK(toJwk(signer.publicKey) as JWK, algorithms[algorithm].jws[0])
    const read = await compactVerify(compact, key)
    expect(JSON.parse(new TextDecoder().decode(read.payload))).toEqual(payload)
  })

  test.each(['EdDSA', 'Ed25519', 'ES256', 'ES384'])('signs with %s what we read', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const compact = await new CompactSign(utf8(JSON.stringify(payload)))
      .setProtectedHeader({ alg })
      .sign(privateKey)
    const key = fromJwk((await exportJWK(publicKey)) as JsonObject) as PublicKey
    expect(await verdict(compact, key)).toBe('good')
  })
})

interface Wycheproof {
  readonly testGroups: readonly {
    readonly comment: string
    readonly public?: JsonObject
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly jws?: string
      readonly result: string
    }[]
  }[]
}

describe.skipIf(!sharedIsHere)('Wycheproof', () => {
  /** Why a group is not ours to judge, `undefined` where it is. */
  const reasonOf = ({ public: jwk, tests }: Wycheproof['testGroups'][number]): string | undefined => {
    if (tests.every(({ jws }) => jws === undefined)) return 'JWE'
    const keys = (jwk?.keys ?? (jwk === undefined ? [] : [jwk])) as readonly JsonObject[]
    if (keys.length === 0) return 'HMAC'
    if (keys.length > 1) return 'key sets'
    const { kty, crv, alg } = keys[0] as JsonObject
    if (kty === 'RSA' && crv === undefined && alg !== 'RS256') return `RSA ${alg}`
    return crv === 'P-521' || crv === 'secp256k1' ? `curve ${crv}` : undefined
  }

  /** The last column is the one case that we judge otherwise: an RSA key with the ROCA weakness, for which we do not look. */
  test.each<[file: string, judged: number, left: Readonly<Record<string, number>>, wrong: readonly number[]]>(
    [
      [
        'json_web_signature_test.json',
        274,
        {
          HMAC: 40,
          'RSA RS384': 4,
          'RSA RS512': 4,
          'RSA PS256': 50,
          'RSA PS384': 5,
          'RSA PS512': 20,
          'RSA undefined': 2,
          'curve P-521': 2,
        },
        [],
      ],
      ['json_web_crypto_test.json', 29, { HMAC: 20, JWE: 34 }, [46]],
      ['json_web_key_test.json', 10, { HMAC: 15, 'RSA RSA1_5': 1 }, [7]],
    ],
  )(
    '%s: %i cases of algorithms that we have are judged as there, the rest left by reason',
    async (file, count, rest, otherwise) => {
      const { testGroups } = sharedJson(`vectors/jws/${file}`) as Wycheproof
      const left: Record<string, number> = {}
      const wrong: number[] = []
      const right: number[] = []
      const known = knownAnswers('JWS and JWK (Wycheproof)')
      let judged = 0
      for (const group of testGroups) {
        const reason = reasonOf(group)
        if (reason !== undefined) {
          left[reason] = (left[reason] ?? 0) + group.tests.length
          const cases = group.tests.map(({ tcId }) => tcId)
          known.notApplicable(`jws/${file}`, cases, `not an algorithm of ours: ${reason}`)
          continue
        }
        const jwk = ((group.public?.keys as JsonObject[] | undefined)?.[0] ?? group.public) as JsonObject
        const key = fromJwk(jwk)
        for (const { tcId, jws, result } of group.tests) {
          const opening = openAnyJws(jws as string)
          const isGood = opening.ok && key !== null && (await verifyJws(opening.jws, key)) === 'good'
          judged++
          if (isGood === (result === 'valid')) right.push(tcId)
          else wrong.push(tcId)
        }
      }
      expect({ judged, wrong, left }).toEqual({ judged: count, wrong: otherwise, left: rest })
      known.holds(`jws/${file}`, right)
      known.differs(`jws/${file}`, wrong, 'an RSA key with the ROCA weakness, for which we do not look')
    },
  )
})
