import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase64url, toBase64url, utf8, utf8Text } from '../../src/base/bytes.ts'
import { hmacSha256, sha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { sha384, sha512 } from '../../src/base/sha512.ts'
import { fromJwk, type PublicKey, thumbprint, toJwk } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { signJws, verifyJws } from '../../src/securing/jws.ts'
import {
  makeSdJwt,
  openSdJwt,
  present,
  type SdJwt,
  type SdJwtFault,
  verifyKeyBinding,
} from '../../src/securing/sd-jwt.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'

const issuer = signerOfSeed(new Uint8Array(32).fill(1), { algorithm: 'P-256' })
const holder = signerOfSeed(new Uint8Array(32).fill(2))
const salt = (label: string): Bytes => hmacSha256(utf8('test salts'), utf8(label)).slice(0, 16)
const now = '2026-03-01T00:00:00Z' as Instant
const demand = { audience: 'https://employer.example', nonce: 'n-0S6_WzA2Mj', now }

const opened = (text: string): SdJwt => {
  const opening = openSdJwt(text)
  if (!opening.ok) throw new Error(`${opening.fault}: ${opening.detail}`)
  return opening.sdJwt
}
const faultOf = (text: string): SdJwtFault | undefined => {
  const opening = openSdJwt(text)
  return opening.ok ? undefined : opening.fault
}
const encode = (value: Json): string => toBase64url(utf8(JSON.stringify(value)))
const digest = (disclosure: string): string => toBase64url(sha256(utf8(disclosure)))
/** A text with any payload and any disclosures: nothing here asks for the signature. */
const assemble = (payload: JsonObject, ...disclosures: readonly string[]): string =>
  [`${encode({ alg: 'ES256' })}.${encode(payload)}.AAAA`, ...disclosures, ''].join('~')

const person: JsonObject = {
  name: '王𠮷',
  address: { street: '中关村大街1号', 'a/b~c': 1 },
  nationalities: ['CN', 'DE', ['x', { y: 1 }]],
  plain: true,
}
const disclosable = [
  '/name',
  '/address',
  '/address/street',
  '/address/a~1b~0c',
  '/nationalities/1',
  '/nationalities/2',
  '/nationalities/2/1/y',
]

describe('a known answer of our own', () => {
  const text =
    'eyJ0eXAiOiJleGFtcGxlK3NkLWp3dCIsImFsZyI6IkVTMjU2In0.eyJpc3MiOiJkaWQ6d2ViOmNlcnQuYWdlbmN5LmV4YW1wbGUiLCJfc2QiOlsiNTlSaDFUa0hsUjlzQVBtM0RBNVROZkFoM0I1U25aQ0pKR3VFQ2IwMkJSUSIsInBsdk9ySkhuRWNwczIwaFJFNGctSjZjYkhja2gtUjRONTY2V21pUnRFdDAiXSwiX3NkX2FsZyI6InNoYS0yNTYifQ.q3AQUyVUyq83At4KByiYUO5oj68Zyi4szyENCIjA_lT7EmhiuoSvemyrRhY8RNZe_9XgGO5cyG1G2NVr8mct1Q~WyJzYzB1WmlGeEYtZmJ5YjhLV1lteXJRIiwibmFtZSIsIueOi_CgrrciXQ~'
  test('the same claims, salts and key give the same text', async () => {
    const made = await makeSdJwt(
      { typ: 'example+sd-jwt' },
      { iss: 'did:web:cert.agency.example', name: '王𠮷' },
      { signer: issuer, disclosable: ['/name'], decoys: 1, salt },
    )
    expect(made).toBe(text)
  })

  test('it opens to what was stated', async () => {
    const { claims, disclosed, isPartial, jws } = opened(text)
    expect(claims).toEqual({ iss: 'did:web:cert.agency.example', name: '王𠮷' })
    expect(disclosed.map(({ pointer }) => pointer)).toEqual(['/name'])
    expect(isPartial).toBe(true)
    expect(await verifyJws(jws, issuer.publicKey)).toBe('good')
  })

  test('SD-2: a disclosure and its digest as RFC 9901, section 4.2 prints them', () => {
    const disclosure = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'
    const sdJwt = opened(assemble({ _sd: ['X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'] }, disclosure))
    expect(sdJwt.claims).toEqual({ family_name: 'Möbius' })
  })
})

describe.skipIf(!sharedIsHere)('published SD-JWTs', () => {
  const answers = knownAnswers('RFC 9901 (SD-JWT)')
  const rfcFile = 'sd-jwt/rfc9901.json'
  const rfc = sharedIsHere ? sharedJson('vectors/sd-jwt/rfc9901.json') : { keys: {} }
  const key = (jwk: JsonObject = {}): PublicKey =>
    fromJwk({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y } as never)!

  test.each(['s5_1', 's5_2', 'a1', 'a3'])('SD-1: RFC 9901 %s opens and is signed', async (name) => {
    const { jws, keyBinding } = opened(rfc[name].compact)
    expect(await verifyJws(jws, key(rfc.keys.issuer))).toBe('good')
    expect(keyBinding !== undefined).toBe(name === 's5_2' || name === 'a3')
    answers.holds(rfcFile, `${name} signature`)
  })

  test.each(['a1', 'a3'])('SD-3: RFC 9901 %s is processed to the payload that it prints', (name) => {
    const { claims } = opened(rfc[name].compact)
    expect(claims).toEqual(rfc[name].processed)
    answers.holds(rfcFile, `${name} payload`)
  })

  test('RFC 9901, section 5.1: all disclosures', () => {
    const { claims, isPartial, disclosed } = opened(rfc.s5_1.compact)
    expect(claims).toEqual({
      iss: 'https://issuer.example.com',
      iat: 1683000000,
      exp: 1883000000,
      sub: 'user_42',
      nationalities: ['US', 'DE'],
      cnf: { jwk: { kty: 'EC', crv: 'P-256', x: rfc.keys.holder.x, y: rfc.keys.holder.y } },
      given_name: 'John',
      family_name: 'Doe',
      email: 'johndoe@example.com',
      phone_number: '+1-202-555-0101',
      phone_number_verified: true,
      address: { street_address: '123 Main St', locality: 'Anytown', region: 'Anystate', country: 'US' },
      birthdate: '1940-01-01',
      updated_at: 1570000000,
    })
    expect(isPartial).toBe(false)
    expect(disclosed.map(({ disclosure }) => disclosure).sort()).toEqual([...rfc.s5_1.disclosures].sort())
    answers.holds(rfcFile, 's5_1 payload')
  })

  test.each(['s5_2', 'a3'])('SD-5: the key binding of RFC 9901 %s holds', async (name) => {
    const at = '2025-05-29T16:48:00Z' as Instant
    const verdict = await verifyKeyBinding(opened(rfc[name].compact), {
      audience: 'https://verifier.example.org',
      nonce: '1234567890',
      now: at,
    })
    expect(verdict).toEqual({
      ok: true,
      key: key(rfc.keys.holder),
      thumbprint: await thumbprint(key(rfc.keys.holder)),
    })
    answers.holds(rfcFile, `${name} key binding`)
  })

  test('RFC 9901, section 5.2 is what we present from 5.1', async () => {
    const chosen = await present(rfc.s5_1.compact, {
      disclose: ['family_name', 'address', 'given_name', '/nationalities/0'],
    })
    expect(opened(chosen).claims).toEqual(opened(rfc.s5_2.compact).claims)
    answers.holds(rfcFile, 's5_2 payload')
  })

  test('the example of OpenID4VP opens, is signed, and says what it is said to say', async () => {
    const folder = 'vectors/sd-jwt-vc/oid4vp-examples/sd_jwt_vcld/01'
    const sdJwt = opened(sharedText(`${folder}/sd_jwt_presentation.txt`).replaceAll('\n', ''))
    expect(await verifyJws(sdJwt.jws, key(rfc.keys.issuer))).toBe('good')
    expect(sdJwt.claims).toEqual(sharedJson(`${folder}/verified_contents.json`))
    expect(
      await verifyKeyBinding(sdJwt, {
        audience: 'https://verifier.example.org',
        nonce: '1234567890',
        now: '2025-04-15T18:57:00Z' as Instant,
      }),
    ).toMatchObject({ ok: true })
    answers.holds(`${folder}/sd_jwt_presentation.txt`)
    answers.holds(`${folder}/verified_contents.json`)
  })

  test('the example of a grade certificate: every disclosure has its digest', () => {
    const example = sharedJson('examples/07-sd-jwt-payload.json')
    const disclosures = example.disclosures as readonly { claim: string; disclosure: string }[]
    const { disclosed, isPartial, claims } = opened(
      assemble(example.payload, ...disclosures.map(({ disclosure }) => disclosure)),
    )
    expect(disclosed.map(({ pointer }) => pointer).sort()).toEqual(
      disclosures.map(({ claim }) => `/${claim}`).sort(),
    )
    expect(isPartial).toBe(false)
    expect(claims).toMatchObject({
      name: '王𠮷',
      theory_score: '78',
      practice_score: '83.5',
      training_hours: 64,
    })
  })

  test('the credential of OpenID4VCI opens and is signed', async () => {
    const answer = sharedText('vectors/sd-jwt-vc/oid4vci-examples/credential_response_sd_jwt_vc.txt')
    const [, text = ''] = /"credential": "([^"]+)"/.exec(answer) ?? []
    const { jws, claims } = opened(text.replaceAll(/\s/g, ''))
    expect(await verifyJws(jws, key(rfc.keys.issuer))).toBe('good')
    expect(claims).toMatchObject({ given_name: 'John', is_over_65: true })
    answers.holds('sd-jwt-vc/oid4vci-examples/credential_response_sd_jwt_vc.txt')
  })

  test.each([
    'array_data_types',
    'array_full_sd',
    'array_in_sd',
    'array_nested_in_plain',
    'array_none_disclosed',
    'array_of_nulls',
    'array_of_objects',
    'array_of_scalars',
    'array_recursive_sd',
    'array_recursive_sd_some_disclosed',
    'complex',
    'header_mod',
    'json_serialization',
    'key_binding',
    'no_sd',
    'object_data_types',
    'recursions',
  ])('the test case %s: all disclosed, and what is presented', async (name) => {
    const vector = sharedJson(`vectors/sd-jwt/${name}.json`)
    const hidden = framed(vector.disclosureFrame)
    const text = await makeSdJwt({}, vector.claims, { signer: issuer, disclosable: hidden, salt })
    expect(opened(text).claims).toEqual(vector.claims)
    const shown = named(vector.presentationFrames).filter((pointer) => hidden.includes(pointer))
    const { claims } = opened(await present(text, { disclose: shown }))
    // RFC 9901, section 7.1, step 3.4: an object of which nothing is shown stays, empty.
    expect(claims).toEqual(name === 'array_none_disclosed' ? { is_over: {} } : vector.presentedClaims)
    if (name === 'array_none_disclosed') {
      const reason =
        'by RFC 9901, section 7.1, an object of which nothing is shown stays, empty; the case drops it'
      answers.differs(`sd-jwt/${name}.json`, '', reason)
    } else answers.holds(`sd-jwt/${name}.json`)
  })

  /** Pointers of what a frame hides: `{ "_sd": ["a"], "b": { "_sd": [0] } }`. */
  function framed(frame: JsonObject | undefined, at = ''): readonly string[] {
    return Object.entries(frame ?? {}).flatMap(([name, value]): readonly string[] => {
      if (name === '_sd') return (value as readonly Json[]).map((one) => `${at}/${one}`)
      return name === '_sd_decoy' ? [] : framed(value as JsonObject, `${at}/${name}`)
    })
  }

  /** Pointers of what a frame shows: `{ "a": true, "b": { "0": true } }`. */
  function named(frame: JsonObject | undefined, at = ''): readonly string[] {
    return Object.entries(frame ?? {}).flatMap(([name, value]): readonly string[] => {
      const pointer = `${at}/${name}`
      return value === true ? [pointer] : [pointer, ...named(value as JsonObject, pointer)]
    })
  }
})

describe('making and presenting', () => {
  const made = makeSdJwt({}, person, { signer: issuer, disclosable, decoys: 8, salt })

  test('with everything shown the claims are those that were stated', async () => {
    const { claims, disclosed, jws } = opened(await made)
    expect(claims).toEqual(person)
    expect(disclosed.map(({ pointer }) => pointer).sort()).toEqual([...disclosable].sort())
    expect(jws.payload._sd_alg).toBe('sha-256')
    expect(await verifyJws(jws, issuer.publicKey)).toBe('good')
  })

  test('digests are sorted, and each list has its decoys', async () => {
    const { payload } = opened(await made).jws
    const digests = payload._sd as readonly string[]
    expect(digests).toEqual([...digests].sort())
    expect(digests).toHaveLength(2 + 8)
  })

  test('without disclosures only what everybody is told is left', async () => {
    const text = await present(await made, { disclose: [] })
    expect(opened(text)).toMatchObject({
      claims: { plain: true, nationalities: ['CN'] },
      disclosed: [],
      isPartial: true,
      keyBinding: undefined,
    })
  })

  test.each<[what: string, disclose: readonly string[], claims: JsonObject]>([
    ['a claim by its name', ['name'], { name: '王𠮷' }],
    ['a claim that is shown to all', ['plain', '/nationalities'], {}],
    ['a member without those inside it', ['/address'], { address: {} }],
    ['a nested member brings those around it', ['/address/a~1b~0c'], { address: { 'a/b~c': 1 } }],
    ['an element by its place among all', ['/nationalities/2'], { nationalities: ['CN', ['x', {}]] }],
    ['a member deep in an element', ['/nationalities/2/1/y'], { nationalities: ['CN', ['x', { y: 1 }]] }],
  ])('%s', async (_what, disclose, claims) => {
    const { claims: found } = opened(await present(await made, { disclose }))
    expect(found).toEqual({ plain: true, nationalities: ['CN'], ...claims })
  })

  test('a claim whose name another one starts with is not shown with it', async () => {
    const claims = { a: 1, ab: 2, abc: 3 }
    const text = await makeSdJwt({}, claims, { signer: issuer, disclosable: ['/a', '/ab', '/abc'], salt })
    expect(opened(await present(text, { disclose: ['ab'] })).claims).toEqual({ ab: 2 })
  })

  test('what was kept back cannot be shown later, and no claim is shown that is not there', async () => {
    const less = await present(await made, { disclose: ['name'] })
    await expect(present(less, { disclose: ['/address'] })).rejects.toMatchObject({
      code: 'securing.claim_not_disclosable',
      detail: { claim: '/address' },
    })
    await expect(present(less, { disclose: ['toString'] })).rejects.toMatchObject({
      code: 'securing.claim_not_disclosable',
    })
    await expect(present('no SD-JWT', { disclose: [] })).rejects.toMatchObject({
      code: 'securing.sd_jwt_refused',
      detail: { fault: 'sd_jwt_malformed' },
    })
  })

  test.each<
    [what: string, claims: JsonObject, options: { disclosable?: string[]; salt?: typeof salt }, code: string]
  >([
    ['a claim that is not there', { a: 1 }, { disclosable: ['/b'] }, 'securing.claim_not_disclosable'],
    ['the whole', { a: 1 }, { disclosable: [''] }, 'securing.claim_not_disclosable'],
    ['a claim called _sd', { a: { _sd: 1 } }, {}, 'securing.claim_name_reserved'],
    ['a claim called ...', { '...': 1 }, {}, 'securing.claim_name_reserved'],
    [
      'a short salt',
      { a: 1 },
      { disclosable: ['/a'], salt: () => new Uint8Array(15) },
      'securing.salt_refused',
    ],
    [
      'one salt for two claims',
      { a: 1, b: 1 },
      { disclosable: ['/a', '/b'], salt: () => new Uint8Array(16) },
      'securing.salt_refused',
    ],
  ])('%s is not made', async (_what, claims, options, code) => {
    const making = makeSdJwt({}, claims, { signer: issuer, disclosable: [], salt, ...options })
    await expect(making).rejects.toMatchObject({ code })
  })

  test('whatever is stated and hidden, all of it comes back, and none of it unasked', async () => {
    // JSON has one zero, and numbers beyond 2^53 and reserved names are refused.
    const json = fc
      .jsonValue({ depthSize: 'small' })
      .map((value) => JSON.stringify(value))
      .filter((text) => !/"(__proto__|constructor|prototype|_sd|_sd_alg|\.\.\.)":|e\+|\d{16}/.test(text))
      .map((text) => JSON.parse(text) as Json)
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-z~/]{1,4}$/), json, { noNullPrototype: true }),
        fc.infiniteStream(fc.boolean()),
        async (claims, coin) => {
          const chosen = pointers(claims as JsonObject).filter(() => coin.next().value)
          const text = await makeSdJwt({}, claims as JsonObject, {
            signer: holder,
            disclosable: chosen,
            salt,
          })
          expect(opened(text).claims).toEqual(claims)
          expect(opened(await present(text, { disclose: chosen })).claims).toEqual(claims)
          const none = opened(await present(text, { disclose: [] }))
          expect([none.disclosed, none.isPartial]).toEqual([[], chosen.length > 0])
        },
      ),
      { numRuns: 60 },
    )
  })

  function pointers(value: Json, at = ''): readonly string[] {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) => {
      const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return [pointer, ...pointers(inner as Json, pointer)]
    })
  }
})

describe('SD-3: what is refused', () => {
  const one = encode(['salt', 'name', '王𠮷'])
  const two = encode(['salt', 'age', 30])
  const element = encode(['salt', 'DE'])
  const inner = encode(['salt', 'x', { _sd: [digest(one)] }])

  test.each<[what: string, text: string, fault: SdJwtFault]>([
    ['a JWT without ~', assemble({}).slice(0, -1), 'sd_jwt_malformed'],
    ['neither ~ nor a key binding at the end', `${assemble({})}WyJhIiwiYiJd`, 'sd_jwt_malformed'],
    ['no JWT', '~', 'jws_malformed'],
    ['a JWS in JSON', `${JSON.stringify({ payload: 'e30', signatures: [] })}~`, 'jws_malformed'],
    ['an empty disclosure', assemble({}, ''), 'disclosure_malformed'],
    ['a digest twice', assemble({ _sd: [digest(one), digest(one)] }, one), 'digest_repeated'],
    ['a decoy twice', assemble({ _sd: ['abc'], a: { _sd: ['abc'] } }), 'digest_repeated'],
    [
      'a digest in a disclosure again',
      assemble({ _sd: [digest(inner), digest(one)] }, inner, one),
      'digest_repeated',
    ],
    ['a digest as member and element', assemble({ _sd: ['abc'], a: [{ '...': 'abc' }] }), 'digest_repeated'],
    ['a disclosure without digest', assemble({ _sd: [digest(one)] }, one, two), 'disclosure_unreferenced'],
    [
      'a nested one without the one around it',
      assemble({ _sd: [digest(inner)] }, one),
      'disclosure_unreferenced',
    ],
    ['a disclosure twice', assemble({ _sd: [digest(one)] }, one, one), 'disclosure_repeated'],
    ['the name _sd', named('_sd'), 'disclosed_name_refused'],
    ['the name ...', named('...'), 'disclosed_name_refused'],
    ['the name _sd_alg', named('_sd_alg'), 'disclosed_name_refused'],
    ['the name __proto__', named('__proto__'), 'disclosed_name_refused'],
    ['the name constructor', named('constructor'), 'disclosed_name_refused'],
    ['a name that stands there', assemble({ name: 'x', _sd: [digest(one)] }, one), 'disclosed_name_taken'],
    [
      'a name that stands there after it',
      assemble({ _sd: [digest(one)], name: 'x' }, one),
      'disclosed_name_taken',
    ],
    [
      'a name disclosed twice',
      assemble(
        { _sd: [digest(one), digest(encode(['other', 'name', 1]))] },
        one,
        encode(['other', 'name', 1]),
      ),
      'disclosed_name_taken',
    ],
    ['an element for a member', assemble({ _sd: [digest(element)] }, element), 'disclosure_malformed'],
    ['a member for an element', assemble({ a: [{ '...': digest(one) }] }, one), 'disclosure_malformed'],
    ['one part', disclosing(['salt']), 'disclosure_malformed'],
    ['four parts', disclosing(['salt', 'a', 1, 2]), 'disclosure_malformed'],
    ['a salt that is no text', disclosing([1, 'a', 1]), 'disclosure_malformed'],
    ['a name that is no text', disclosing(['salt', 1, 1]), 'disclosure_malformed'],
    ['an object for an array', disclosing({ 0: 'salt', 1: 'a' }), 'disclosure_malformed'],
    ['padded base64url', assemble({ _sd: [digest(`${one}=`)] }, `${one}=`), 'disclosure_malformed'],
    ['a name given twice in a value', raw('["salt","a",{"b":1,"b":2}]'), 'disclosure_malformed'],
    ['an unknown hash', assemble({ _sd_alg: 'md5' }), 'hash_unknown'],
    ['a hash that is no text', assemble({ _sd_alg: ['sha-256'] }), 'hash_unknown'],
    ['a hash by the name of a method', assemble({ _sd_alg: 'toString' }), 'hash_unknown'],
    ['_sd that is no array', assemble({ _sd: 'abc' }), 'digest_malformed'],
    ['a digest that is no text', assemble({ _sd: [1] }), 'digest_malformed'],
    ['... in an object', assemble({ a: { '...': 'abc' } }), 'digest_malformed'],
    ['... beside something', assemble({ a: [{ '...': 'abc', b: 1 }] }), 'digest_malformed'],
    ['... at the top', assemble({ '...': 'abc' }), 'digest_malformed'],
    ['too many characters', `${assemble({})}${'A'.repeat(1_048_576)}`, 'sd_jwt_too_large'],
  ])('%s', (_what, text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })

  function raw(json: string): string {
    const disclosure = toBase64url(utf8(json))
    return assemble({ _sd: [digest(disclosure)] }, disclosure)
  }
  function disclosing(parts: Json): string {
    return raw(JSON.stringify(parts))
  }
  function named(name: string): string {
    return disclosing(['salt', name, 1])
  }

  test('SD-2: a disclosure is digested as received, white space and all', () => {
    const spaced = toBase64url(utf8('[ "salt",\n "name", "x" ]'))
    expect(opened(assemble({ _sd: [digest(spaced)] }, spaced)).claims).toEqual({ name: 'x' })
    const tight = encode(['salt', 'name', 'x'])
    expect(faultOf(assemble({ _sd: [digest(spaced)] }, tight))).toBe('disclosure_unreferenced')
  })

  test.each([
    ['sha-256', sha256],
    ['sha-384', sha384],
    ['sha-512', sha512],
  ] as const)('SD-2: digests by %s', (name, hash) => {
    const text = assemble({ _sd_alg: name, _sd: [toBase64url(hash(utf8(one)))] }, one)
    expect(opened(text)).toMatchObject({ hash: name, claims: { name: '王𠮷' }, isPartial: false })
  })

  test('the name of the hash is no claim at the top, and anybody’s claim below', () => {
    expect(opened(assemble({ _sd_alg: 'sha-256', a: { _sd_alg: 'md5' } })).claims).toEqual({
      a: { _sd_alg: 'md5' },
    })
  })

  test('SD-4: `none` is no algorithm', async () => {
    const opening = openSdJwt(`${encode({ alg: 'none' })}.${encode({})}.~`)
    const verdict = opening.ok ? await verifyJws(opening.sdJwt.jws, issuer.publicKey) : opening.fault
    expect(['jws_header_refused', 'key_algorithm']).toContain(verdict)
  })

  test('1,000 disclosures and 10,000 digests pass in good time, more of either do not', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => encode(['salt', `c${i}`, i]))
    const decoys = (count: number) => Array.from({ length: count }, (_, i) => `decoy${i}`)
    const start = performance.now()
    const thousand = many(1_000)
    expect(Object.keys(opened(assemble({ _sd: thousand.map(digest) }, ...thousand)).claims)).toHaveLength(
      1_000,
    )
    const more = many(1_001)
    expect(faultOf(assemble({ _sd: more.map(digest) }, ...more))).toBe('sd_jwt_too_large')
    expect(faultOf(assemble({}, ...many(20_000)))).toBe('sd_jwt_too_large')
    expect(opened(assemble({ _sd: decoys(10_000) })).isPartial).toBe(true)
    expect(faultOf(assemble({ _sd: decoys(10_001) }))).toBe('sd_jwt_too_large')
    const longName = encode(['salt', 'n'.repeat(5_000), 1])
    expect(faultOf(assemble({ _sd: [digest(longName)] }, longName))).toBe('sd_jwt_too_large')
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  test('disclosures inside one another reach 64 levels and no further', () => {
    const nested = (levels: number): string => {
      const disclosures: string[] = []
      let value: Json = 'deep'
      for (let i = 0; i < levels; i++) {
        const disclosure = encode(['salt', 'a', value])
        disclosures.push(disclosure)
        value = { _sd: [digest(disclosure)] }
      }
      return assemble(value as JsonObject, ...disclosures)
    }
    expect(faultOf(nested(64))).toBeUndefined()
    expect(faultOf(nested(65))).toBe('sd_jwt_too_deep')
    expect(faultOf(nested(1_000))).toBe('sd_jwt_too_deep')
  })

  test('any change of any character is refused or leaves the signature wrong', async () => {
    const text = await makeSdJwt({}, person, { signer: issuer, disclosable, salt })
    const at = fc.integer({ min: 0, max: text.length - 1 })
    await fc.assert(
      fc.asyncProperty(at, fc.constantFrom(...'AZaz09-_~.{"'), async (i, character) => {
        fc.pre(text[i] !== character)
        const opening = openSdJwt(text.slice(0, i) + character + text.slice(i + 1))
        if (!opening.ok) return
        const { jws, claims, keyBinding } = opening.sdJwt
        const isSigned = (await verifyJws(jws, issuer.publicKey)) === 'good'
        // The last ~ alone may turn the last disclosure into a key binding, which then has to be asked for.
        if (isSigned && keyBinding === undefined) expect(claims).toEqual(person)
      }),
      { numRuns: 300 },
    )
  })
})

describe('SD-5: key binding', () => {
  const { jwk } = { jwk: toJwk(holder.publicKey) }
  const claims = { cnf: { jwk }, name: '王𠮷', id_number: '110101199003078574' }
  const issued = makeSdJwt({}, claims, { signer: issuer, disclosable: ['/name', '/id_number'], salt })
  const binding = { signer: holder, ...demand }
  const bound = async () => present(await issued, { disclose: ['name'], keyBinding: binding })
  const faultOfBinding = async (
    text: string,
    changed: Partial<typeof demand> & { maxAgeSeconds?: number } = {},
  ) => {
    const verdict = await verifyKeyBinding(opened(text), { ...demand, ...changed })
    return verdict.ok ? undefined : verdict.fault
  }
  /** The presentation with a key binding of any header and payload. */
  const rebound = async (payload: JsonObject, header: JsonObject = {}, signer = holder) => {
    const { presented } = opened(await bound())
    const whole = {
      iat: 1_772_323_200,
      aud: demand.audience,
      nonce: demand.nonce,
      sd_hash: digest(presented),
    }
    return `${presented}${await signJws({ typ: 'kb+jwt', ...header }, { ...whole, ...payload }, signer)}`
  }

  test('a presentation for us and now is good and names the key', async () => {
    expect(await verifyKeyBinding(opened(await bound()), demand)).toEqual({
      ok: true,
      key: holder.publicKey,
      thumbprint: await thumbprint(holder.publicKey),
    })
    expect(await faultOfBinding(await rebound({}))).toBeUndefined()
  })

  test('the binding is a JWT of type kb+jwt with iat, aud, nonce and sd_hash and nothing else', async () => {
    const { keyBinding = '', presented } = opened(await bound())
    const [header = '', payload = ''] = keyBinding.split('.').map((part) => utf8Text(fromBase64url(part)!)!)
    expect(JSON.parse(header)).toMatchObject({ typ: 'kb+jwt' })
    expect(JSON.parse(payload)).toEqual({
      iat: 1_772_323_200,
      aud: demand.audience,
      nonce: demand.nonce,
      sd_hash: digest(presented),
    })
  })

  test('SD-5, trap 33: whoever asks for a binding gets a fault when it was taken off, though the rest stays good', async () => {
    const stripped = opened(await bound()).presented
    expect(await verifyJws(opened(stripped).jws, issuer.publicKey)).toBe('good')
    expect(await faultOfBinding(stripped)).toBe('key_binding_missing')
    expect(await faultOfBinding(await present(await bound(), { disclose: ['name'] }))).toBe(
      'key_binding_missing',
    )
  })

  test('a binding is for the claims that were shown with it', async () => {
    const { keyBinding } = opened(await bound())
    const more = await present(await issued, { disclose: ['name', 'id_number'] })
    expect(await faultOfBinding(`${more}${keyBinding}`)).toBe('key_binding_of_another_text')
    const less = await present(await issued, { disclose: [] })
    expect(await faultOfBinding(`${less}${keyBinding}`)).toBe('key_binding_of_another_text')
  })

  test.each<[what: string, text: () => Promise<string>, fault: string]>([
    ['another type', () => rebound({}, { typ: 'JWT' }), 'key_binding_type'],
    ['another audience', () => rebound({ aud: 'https://other.example' }), 'key_binding_audience'],
    ['a list of audiences', () => rebound({ aud: [demand.audience] }), 'key_binding_audience'],
    ['another nonce', () => rebound({ nonce: 'other' }), 'key_binding_nonce'],
    ['a nonce that is a number', () => rebound({ nonce: 1 }), 'key_binding_nonce'],
    ['made 301 s ago', () => rebound({ iat: 1_772_323_200 - 301 }), 'key_binding_time'],
    ['made 61 s from now', () => rebound({ iat: 1_772_323_200 + 61 }), 'key_binding_time'],
    ['a time that is a text', () => rebound({ iat: '1772323200' }), 'key_binding_time'],
    ['at its end', () => rebound({ exp: 1_772_323_200 }), 'key_binding_time'],
    ['before its time', () => rebound({ nbf: 1_772_323_200 + 61 }), 'key_binding_time'],
    ['another text', () => rebound({ sd_hash: digest('other') }), 'key_binding_of_another_text'],
    [
      "another holder's key",
      () => rebound({}, {}, signerOfSeed(new Uint8Array(32).fill(3))),
      'key_binding_signature',
    ],
    ['a key of another algorithm', () => rebound({}, {}, issuer), 'key_binding_algorithm'],
    ['no JWT', async () => `${opened(await bound()).presented}a.b.c`, 'key_binding_malformed'],
  ])('%s', async (_what, text, fault) => {
    expect(await faultOfBinding(await text())).toBe(fault)
  })

  test('the window is the caller’s', async () => {
    expect(await faultOfBinding(await rebound({ iat: 1_772_323_200 - 300 }))).toBeUndefined()
    expect(await faultOfBinding(await rebound({ iat: 1_772_323_200 + 60 }))).toBeUndefined()
    expect(await faultOfBinding(await rebound({ iat: 1_772_323_200 - 10 }), { maxAgeSeconds: 9 })).toBe(
      'key_binding_time',
    )
  })

  test.each<[what: string, cnf: Json | undefined, fault: string]>([
    ['no confirmed key', undefined, 'confirmation_missing'],
    ['a key by name only', { kid: 'k1' }, 'confirmation_malformed'],
    ['a confirmation that is no object', 'k1', 'confirmation_malformed'],
    ['a secret key', { jwk: { ...jwk, d: jwk.x as Json } }, 'confirmation_malformed'],
  ])('%s', async (_what, cnf, fault) => {
    const text = await makeSdJwt({}, cnf === undefined ? {} : { cnf }, {
      signer: issuer,
      disclosable: [],
      salt,
    })
    expect(await faultOfBinding(`${text}${opened(await bound()).keyBinding}`)).toBe(fault)
    await expect(present(text, { disclose: [], keyBinding: binding })).rejects.toMatchObject({
      code: 'securing.not_the_holder',
      detail: { fault },
    })
  })

  test('a confirmed key that the holder would disclose counts for nothing', async () => {
    const text = await makeSdJwt({}, { cnf: { jwk } }, { signer: issuer, disclosable: ['/cnf'], salt })
    await expect(present(text, { disclose: ['cnf'], keyBinding: binding })).rejects.toMatchObject({
      detail: { fault: 'confirmation_missing' },
    })
  })

  test('only the holder presents with a binding', async () => {
    const keyBinding = { ...binding, signer: signerOfSeed(new Uint8Array(32).fill(3)) }
    await expect(present(await issued, { disclose: [], keyBinding })).rejects.toMatchObject({
      code: 'securing.not_the_holder',
      detail: { fault: 'key_binding_signature' },
    })
  })
})
