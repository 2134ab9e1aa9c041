import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { exportJWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, concat, fromBase64 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { fromJwk, verifySignature } from '../../src/key/public-key.ts'
import { type Chain, type ChainResult, readChain, verifyChain } from '../../src/key/x5c.ts'
import {
  authority,
  type CertificateRequest,
  certificate,
  extension,
  type Issued,
  type KeyKind,
  names,
  signing,
  x509,
} from './x509.ts'

const now = '2026-06-01T00:00:00Z' as Instant
const base64 = (der: Bytes): string => Buffer.from(der).toString('base64')

let root: Issued
let middle: Issued
let leaf: Issued

const leafOf = (change: Partial<CertificateRequest> = {}): Promise<Issued> =>
  certificate({
    subject: 'CN=cert.agency.example, O=某某技能鉴定中心',
    issuer: middle,
    extensions: [
      signing(),
      names(
        { type: 'dns', value: 'agency.example' },
        { type: 'url', value: 'https://agency.example/issuer' },
        { type: 'email', value: 'a@agency.example' },
      ),
    ],
    ...change,
  })

beforeAll(async () => {
  root = await certificate({ subject: 'CN=Root', kind: 'P-384', extensions: authority() })
  middle = await certificate({ subject: 'CN=Middle', issuer: root, extensions: authority(0) })
  leaf = await leafOf()
})

const outcome = async (
  chain: readonly (Issued | Bytes)[],
  { roots = [root], at = now }: { roots?: readonly (Issued | Bytes)[]; at?: string } = {},
): Promise<string> => {
  const der = (one: Issued | Bytes) => (one instanceof Uint8Array ? one : one.der)
  const result = await verifyChain(chain.map(der), { roots: roots.map(der), now: at as Instant })
  return result.ok ? 'good' : `${result.fault} ${result.detail.replace('certificate ', '')}`
}

const signatureNames = {
  'P-256': { name: 'ECDSA', hash: 'SHA-256' },
  'P-384': { name: 'ECDSA', hash: 'SHA-384' },
  Ed25519: { name: 'Ed25519' },
  RSA: { name: 'RSASSA-PKCS1-v1_5' },
} as const

describe('known answers', () => {
  /** Made once: an Ed25519 root, and a P-256 leaf of it with two names. */
  const keptRoot =
    'MIHvMIGioAMCAQICAQEwBQYDK2VwMA8xDTALBgNVBAMTBFJvb3QwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAxMDAwMDAwWjAPMQ0wCwYDVQQDEwRSb290MCowBQYDK2VwAyEAyOkiaBeI+JE5iW06lF/SnPb20BkFZWHaLvp9hFZKmqSjIzAhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAUGAytlcANBAAAKBCZzItz15AfGh5c7TknBcrzAR/X+tU8DaEHmVy7eHPMKFUWsCDASjhtSTVyb4JDm33o3juJvFi4y6Fc4DgA='
  const keptLeaf =
    'MIIBXDCCAQ6gAwIBAgIBATAFBgMrZXAwDzENMAsGA1UEAxMEUm9vdDAeFw0yNjAxMDEwMDAwMDBaFw0yNzAxMDEwMDAwMDBaMCMxITAfBgNVBAMMGOafkOafkOaKgOiDvemJtOWumuS4reW/gzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNMia+WnNUZVjmPlODcqvn3Wgy7lExPGxM4PPm0JnM5EBHvGxezr5YpFU+Aln6mLMz7stKDsxSS1j557X3jdPF+jTDBKMA4GA1UdDwEB/wQEAwIHgDA4BgNVHREEMTAvgg5hZ2VuY3kuZXhhbXBsZYYdaHR0cHM6Ly9hZ2VuY3kuZXhhbXBsZS9pc3N1ZXIwBQYDK2VwA0EA0SvXbGqjt91A10zm6voixsJ6VHEq6NnLixj+MWWwFmKJEeCIhNAUJeF9OoLJB3lVjdk+N1h2YyVknYw/D8uhDQ=='

  test('a kept certificate is good under its root, with its key and its names', async () => {
    const chain = readChain([keptLeaf]) as Chain
    const result = await verifyChain(chain, { roots: [fromBase64(keptRoot) as Bytes], now })
    expect(result).toMatchObject({
      ok: true,
      names: ['agency.example', 'https://agency.example/issuer'],
      commonName: '某某技能鉴定中心',
    } satisfies Partial<ChainResult>)
    expect(result.ok && result.key).toEqual(
      fromJwk(new X509Certificate(chain[0] as Bytes).publicKey.export({ format: 'jwk' }) as JsonObject),
    )
  })

  /** Made once by OpenSSL 3.0: an RSA root, and a P-256 leaf of it with the extensions that it usually adds. */
  const opensslRoot =
    'MIIDMzCCAhugAwIBAgIUVGcYugnRjE7oqn13Q1udQXHbG1cwDQYJKoZIhvcNAQELBQAwITELMAkGA1UEBhMCQ04xEjAQBgNVBAMMCUtlcHQgUm9vdDAeFw0yNjExMjMwNTM0MTVaFw00MDA4MDEwNTM0MTVaMCExCzAJBgNVBAYTAkNOMRIwEAYDVQQDDAlLZXB0IFJvb3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDQpvulHYEswxeAhIBfYGFAl8YuCPW/Ptm5wqCAkvzExsfnqnobU+9zC6qOSCCMOcTLz8gyhYZhDYuj6YrU1GQ3D2qDgdL0/glCed848oFgFp55p5xRME+564gS7zlRE7T94y5C6aOFQeslIZNHh3N2OA+Q7Oj5KgVOkI36BPRFXs2aFvV1D/6VwYLQYadV/u5WvkGw6DciE1kAMvjsOG+V4+mG82tBkWRtfj8ibqQXtvM880JTT1etM4JxEXvDzCcrP5XE082CLboePglSasiZXovSy0fB0k/uldaBh4xIUi0PrNQQSFNLXcPYu0bI4SoA+wFYDk8V4ds7sZSS7iIBAgMBAAGjYzBhMB0GA1UdDgQWBBTzN7qciWRsxrHWOHYsKU3R7UggcDAfBgNVHSMEGDAWgBTzN7qciWRsxrHWOHYsKU3R7UggcDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDANBgkqhkiG9w0BAQsFAAOCAQEAFgcvTrJNlYleyQMM3j9Xk0XN1h532fuWqnwR4YUPxJKq7u8fNFIWZ1SjyzJIbfyp2rSnzu3XwpB18D9N9Ffca1UUExRAZagg9nJEhO9xab5Zl2gazoaRQNwRd4Fxc8qETkPHKQ1bSoFqprRB50s3cVwYl0MBa9xPGXTno9nN1v/ZzK2l+lFKHKEd0EQxyCXo1izpsONUMizbtYROeZSBPmuneUctuk4rld5Z0JUf9HB7gZinOaAWbKDZzEt969xz311iKEncnJjUUfDt0bbwegMjbqfdIfgzew2KsihBhn0ayfPPy3u3Gq8BbitI8puF6DXVrPesWKIn7tMAEv2Ixg=='
  const opensslLeaf =
    'MIIC8jCCAdqgAwIBAgIUGn5nktp50MW66pB3L2uGf9qV0u4wDQYJKoZIhvcNAQELBQAwITELMAkGA1UEBhMCQ04xEjAQBgNVBAMMCUtlcHQgUm9vdDAeFw0yNjExMjMwNTM0MTVaFw00MDA4MDEwNTM0MTVaME4xCzAJBgNVBAYTAkNOMSEwHwYDVQQKDBjmn5Dmn5DmioDog73pibTlrprkuK3lv4MxHDAaBgNVBAMME2NlcnQuYWdlbmN5LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR+5t4oJWfzotkWr4rss691WQWtSLqJZr+pm7TkvFsFTHmtFQgNWg/nHvZjSgDHLiCelZsSJpLHLpwu+VhUWp33o4G/MIG8MAkGA1UdEwQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMkMEoGA1UdEQRDMEGCDmFnZW5jeS5leGFtcGxlhh1odHRwczovL2FnZW5jeS5leGFtcGxlL2lzc3VlcoEQYUBhZ2VuY3kuZXhhbXBsZTAfBgNVHSMEGDAWgBTzN7qciWRsxrHWOHYsKU3R7UggcDAdBgNVHQ4EFgQUDe5Nkh5YW1DUNbKUmvTfUCfMKhowDQYJKoZIhvcNAQELBQADggEBAGQ1crl0BJfv8F1z90RXzuh8p8LYuEpqgToI3BoMs1JF4fILhm+0hVQcBWQpRY3hEUJANiFVK7z9QzTd4Gfy28rBpkRWELPR5I41ebLF1TL7//gUBQFWDRpYQIbaaVkT//Dz7nRjb5dtMlgqMW1bG4zbxJbKUXIKk+gIAapMrRO5cFNJhdoFRLJRZGriaEl99q4forXDHjlMTZmzeNmmb9B8kI+jUnRl1EYtDOpsjofFhxYtq0EExkFddC0PtbuiDklKo1eYf7W03++qY5Zxc1LK/CXUFA9y9Ttj7gLuEdmvhld3ReIBTSThc+xv6qS4gaCvpLgq5ROg/0+Cqz7LmVY='

  test('a chain of OpenSSL is good under its RSA root', async () => {
    const chain = readChain([opensslLeaf, opensslRoot]) as Chain
    const roots = [fromBase64(opensslRoot) as Bytes]
    const result = await verifyChain(chain, { roots, now: '2030-01-01T00:00:00Z' as Instant })
    expect(result).toMatchObject({
      ok: true,
      key: { algorithm: 'P-256' },
      names: ['agency.example', 'https://agency.example/issuer'],
      commonName: 'cert.agency.example',
    })
    expect(await verifyChain(chain, { roots: [], now: '2030-01-01T00:00:00Z' as Instant })).toMatchObject({
      ok: false,
      fault: 'chain_root_unknown',
    })
  })
})

describe('a chain is good', () => {
  test('up to a root that is not in it', async () => {
    expect(await outcome([leaf, middle])).toBe('good')
  })

  test('up to a root that is in it', async () => {
    expect(await outcome([leaf, middle, root])).toBe('good')
  })

  test('up to a pinned certificate in the middle', async () => {
    expect(await outcome([leaf, middle], { roots: [middle] })).toBe('good')
    expect(await outcome([leaf], { roots: [middle] })).toBe('good')
  })

  test('where its first certificate is pinned itself', async () => {
    expect(await outcome([leaf], { roots: [leaf] })).toBe('good')
  })

  test('among roots of others, some of them broken', async () => {
    const other = await certificate({ subject: 'CN=Root', extensions: authority() })
    expect(await outcome([leaf, middle], { roots: [Uint8Array.of(1), other, leaf, root] })).toBe('good')
  })

  test('under a renewed root, whichever of its two certificates comes first', async () => {
    const renewed = { subject: 'CN=Renewed', extensions: authority() }
    const old = await certificate({ ...renewed, until: '2026-05-01T00:00:00Z' })
    const fresh = await certificate({ ...renewed, keys: old.keys })
    const one = await leafOf({ issuer: old })
    expect(await outcome([one], { roots: [old, fresh] })).toBe('good')
    expect(await outcome([one], { roots: [fresh, old] })).toBe('good')
    expect(await outcome([one], { roots: [old] })).toBe('certificate_expired 1')
  })

  test('at both ends of its validity', async () => {
    expect(await outcome([leaf, middle], { at: '2026-01-01T00:00:00Z' })).toBe('good')
    expect(await outcome([leaf, middle], { at: '2027-01-01T00:00:00Z' })).toBe('good')
  })

  test('beyond 2050, where dates are written another way', async () => {
    const long = { from: '2026-01-01T00:00:00Z', until: '2055-01-01T00:00:00Z' }
    const far = await certificate({ subject: 'CN=Far', extensions: authority(), ...long })
    const one = await leafOf({ issuer: far, ...long })
    expect(await outcome([one], { roots: [far], at: '2054-12-31T00:00:00Z' })).toBe('good')
    expect(await outcome([one], { roots: [far], at: '2055-01-01T00:00:01Z' })).toBe('certificate_expired 0')
  })

  test.each<[kind: keyof typeof signatureNames]>([['P-256'], ['P-384'], ['Ed25519'], ['RSA']])(
    'with keys of %s, and gives the first',
    async (kind) => {
      const top = await certificate({ subject: 'CN=Top', kind, extensions: authority() })
      const one = await leafOf({ issuer: top, kind })
      const result = await verifyChain([one.der], { roots: [top.der], now })
      if (!result.ok) throw new Error(result.fault)
      expect(result.key).toEqual(fromJwk((await exportJWK(one.keys.publicKey)) as JsonObject))
      const message = Uint8Array.of(1, 2, 3)
      const signature = new Uint8Array(
        await crypto.subtle.sign(signatureNames[kind], one.keys.privateKey, message),
      )
      expect(await verifySignature(result.key, message, signature)).toBe(true)
    },
  )

  test('whose names are the DNS names and addresses of the first, its common name for people', async () => {
    const result = await verifyChain([leaf.der, middle.der], { roots: [root.der], now })
    expect(result).toMatchObject({
      names: ['agency.example', 'https://agency.example/issuer'],
      commonName: 'cert.agency.example',
    })
    const nameless = await leafOf({ subject: 'O=X', extensions: [signing()] })
    expect(await verifyChain([nameless.der, middle.der], { roots: [root.der], now })).toMatchObject({
      ok: true,
      names: [],
      commonName: undefined,
    })
  })

  test('as node and @peculiar/x509 find, too', async () => {
    const [first, second, top] = [leaf, middle, root].map(({ der }) => new X509Certificate(der))
    expect(first?.verify(second!.publicKey) && second?.verify(top!.publicKey)).toBe(true)
    const theirs = new x509.X509Certificate(leaf.der)
    const issuer = new x509.X509Certificate(middle.der)
    expect(await theirs.verify({ publicKey: issuer.publicKey, date: new Date(now) })).toBe(true)
  })
})

describe('a chain is refused', () => {
  test('that is empty', async () => {
    expect(await verifyChain([], { roots: [root.der], now })).toMatchObject({
      ok: false,
      fault: 'certificate_malformed',
    })
  })

  test('without a root that anybody pinned', async () => {
    const other = await certificate({ subject: 'CN=Root', kind: 'P-384', extensions: authority() })
    expect(await outcome([leaf, middle], { roots: [] })).toBe('chain_root_unknown 1')
    expect(await outcome([leaf, middle], { roots: [other] })).toBe('chain_root_unknown 1')
    expect(await outcome([leaf, middle, other], { roots: [root] })).toBe('chain_broken 1')
  })

  test('in another order', async () => {
    expect(await outcome([middle, leaf])).toBe('certificate_use 0')
    expect(await outcome([leaf, root, middle])).toBe('chain_broken 0')
  })

  test('with a gap', async () => {
    expect(await outcome([leaf])).toBe('chain_root_unknown 0')
    expect(await outcome([leaf, root])).toBe('chain_broken 0')
  })

  test('before and after its time, by whichever certificate', async () => {
    expect(await outcome([leaf, middle], { at: '2025-12-31T23:59:59Z' })).toBe('certificate_not_yet_valid 0')
    expect(await outcome([leaf, middle], { at: '2027-01-01T00:00:01Z' })).toBe('certificate_expired 0')
    const short = await certificate({
      subject: 'CN=Short',
      issuer: root,
      extensions: authority(),
      until: '2026-05-31T23:59:59Z',
    })
    expect(await outcome([await leafOf({ issuer: short }), short])).toBe('certificate_expired 1')
    const old = await certificate({
      subject: 'CN=Old',
      extensions: authority(),
      until: '2026-05-31T23:59:59Z',
    })
    expect(await outcome([await leafOf({ issuer: old })], { roots: [old] })).toBe('certificate_expired 1')
  })

  test('with a certificate that signed itself for its first, pinned or not', async () => {
    const own = await certificate({ subject: 'CN=Own', extensions: [signing()] })
    expect(await outcome([own])).toBe('certificate_self_signed 0')
    expect(await outcome([own], { roots: [own] })).toBe('certificate_self_signed 0')
  })

  test.each<[what: string, extensions: () => CertificateRequest['extensions']]>([
    ['that is no authority', () => [signing()]],
    ['without any extension but the usage', () => [authority()[1]!]],
    [
      'that says it is no authority',
      () => [new x509.BasicConstraintsExtension(false, undefined, true), authority()[1]!],
    ],
    ['that may not sign certificates', () => [authority()[0]!, signing()]],
  ])('with an issuer %s', async (_what, extensions) => {
    const issuer = await certificate({ subject: 'CN=Middle', issuer: root, extensions: extensions() ?? [] })
    expect(await outcome([await leafOf({ issuer }), issuer])).toBe('certificate_use 1')
    expect(await outcome([await leafOf({ issuer })], { roots: [issuer] })).toBe('certificate_use 1')
  })

  test('with an authority deeper than its issuer allows', async () => {
    const deeper = await certificate({ subject: 'CN=Deeper', issuer: middle, extensions: authority() })
    expect(await outcome([await leafOf({ issuer: deeper }), deeper, middle])).toBe('certificate_use 2')
    const wide = await certificate({ subject: 'CN=Wide', issuer: root, extensions: authority(1) })
    const below = await certificate({ subject: 'CN=Below', issuer: wide, extensions: authority(0) })
    expect(await outcome([await leafOf({ issuer: below }), below, wide])).toBe('good')
  })

  test.each<[what: string, extensions: () => CertificateRequest['extensions']]>([
    ['does not say what its key is for', () => []],
    [
      'is for keys, not for signatures',
      () => [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyAgreement, true)],
    ],
    ['is an authority', () => authority()],
  ])('whose first certificate %s', async (_what, extensions) => {
    expect(await outcome([await leafOf({ extensions: extensions() ?? [] }), middle])).toBe(
      'certificate_use 0',
    )
  })

  test('with a critical extension that we do not know; others are passed over', async () => {
    const one = (isCritical: boolean) => leafOf({ extensions: [signing(), extension('1.2.3.4', isCritical)] })
    expect(await outcome([await one(true), middle])).toBe('certificate_extension 0')
    expect(await outcome([await one(false), middle])).toBe('good')
    // Name constraints are not weighed, so a certificate that has them is not used.
    const bound = await certificate({
      subject: 'CN=B',
      issuer: root,
      extensions: [...authority(), extension('2.5.29.30', true)],
    })
    expect(await outcome([await leafOf({ issuer: bound }), bound])).toBe('certificate_extension 1')
  })

  test('with an extension twice', async () => {
    const twice = await leafOf({ extensions: [signing(), signing()] })
    expect(await outcome([twice, middle])).toBe('certificate_malformed 0')
  })

  test.each<[kind: KeyKind, underIt: string]>([
    ['P-521', 'certificate_algorithm 0'],
    ['RSA-1024', 'chain_broken 0'],
  ])('with keys of %s, which we do not verify', async (kind, underIt) => {
    expect(await outcome([await leafOf({ kind }), middle])).toBe('certificate_algorithm 0')
    const issuer = await certificate({ subject: 'CN=I', kind, issuer: root, extensions: authority() })
    expect(await outcome([await leafOf({ issuer }), issuer])).toBe(underIt)
  })

  test('signed with another digest than goes with the curve', async () => {
    expect(await outcome([await leafOf({ hash: 'SHA-512' }), middle])).toBe('certificate_algorithm 0')
    expect(await outcome([await leafOf({ hash: 'SHA-384' }), middle])).toBe('chain_broken 0')
  })

  test('where an issuer has the right name and another key', async () => {
    const other = await certificate({ subject: 'CN=Middle', issuer: root, extensions: authority(0) })
    expect(await outcome([leaf, other])).toBe('chain_broken 0')
  })

  test('where an issuer has the right key and another name', async () => {
    const one = await leafOf({ issuerName: 'CN=Middles' })
    expect(await outcome([one, middle])).toBe('chain_broken 0')
  })

  test('where any one byte of its first certificate is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(leaf.der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = leaf.der.with(at, (leaf.der[at] as number) ^ flip) as Bytes
        expect(await outcome([changed, middle])).not.toBe('good')
      }),
      { seed: 8, numRuns: 300 },
    )
  })

  test('with bytes behind a certificate, or without its end', async () => {
    expect(await outcome([concat(leaf.der, Uint8Array.of(0)), middle])).toBe('certificate_malformed 0')
    expect(await outcome([leaf.der.slice(0, -1), middle])).toBe('certificate_malformed 0')
    expect(await outcome([leaf.der, middle.der.slice(0, 100)])).toBe('certificate_malformed 1')
  })

  test('of any bytes, without an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (noise) => {
        expect(await outcome([concat(Uint8Array.of(0x30, noise.length), noise as Bytes)])).toBe(
          'certificate_malformed 0',
        )
      }),
      { seed: 9, numRuns: 200 },
    )
  })
})

describe('x5c', () => {
  test('is a list of certificates in base64', () => {
    expect(readChain([base64(leaf.der), base64(middle.der)])).toEqual([leaf.der, middle.der])
  })

  const small = 'MAA='
  test.each<[what: string, x5c: Json]>([
    ['a text', small],
    ['nothing', null],
    ['an empty list', []],
    ['an empty text', ['']],
    ['a number in a list', [small, 5]],
    ['base64url', ['MAA']],
    ['base64 with a line break', ['MAA=\n']],
    ['base64 with trailing bits', ['MAB=']],
    ['PEM', ['-----BEGIN CERTIFICATE-----']],
    ['nine certificates', Array<string>(9).fill(small)],
    ['a certificate of more than 16 KiB', ['AAAA'.repeat(5462)]],
    ['a certificate of 16 KiB and a byte', [Buffer.alloc(16_385).toString('base64')]],
  ])('is not %s', (_what, x5c) => {
    expect(readChain(x5c)).toBeNull()
  })

  test('may have eight certificates of 16 KiB', () => {
    expect(readChain(Array<string>(8).fill(Buffer.alloc(16_384).toString('base64')))).toHaveLength(8)
  })
})
