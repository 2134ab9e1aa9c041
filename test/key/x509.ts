/** Certificates for tests, made by `@peculiar/x509`, which knows nothing of our reader. It wants a metadata store on `Reflect`. */
import type { Bytes } from '../../src/base/bytes.ts'

const store = new WeakMap<object, Map<unknown, unknown>>()
const ownMetadata = (key: unknown, target: object) => store.get(target)?.get(key)
Object.assign(Reflect, {
  defineMetadata: (key: unknown, value: unknown, target: object) =>
    store.set(target, (store.get(target) ?? new Map()).set(key, value)),
  getOwnMetadata: ownMetadata,
  getMetadata: (key: unknown, target: object | null): unknown =>
    target === null ? undefined : (ownMetadata(key, target) ?? inherited(key, target)),
})
const inherited = (key: unknown, target: object): unknown =>
  (Reflect as unknown as { getMetadata: (key: unknown, target: object | null) => unknown }).getMetadata(
    key,
    Object.getPrototypeOf(target),
  )

export const x509 = await import('@peculiar/x509')

export type KeyKind = 'P-256' | 'P-384' | 'Ed25519' | 'P-521' | 'RSA' | 'RSA-1024'

const hashOf = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

function algorithmOf(kind: KeyKind): EcKeyGenParams & RsaHashedKeyGenParams & EcdsaParams {
  const algorithm =
    kind === 'Ed25519'
      ? { name: 'Ed25519' }
      : kind === 'RSA' || kind === 'RSA-1024'
        ? {
            name: 'RSASSA-PKCS1-v1_5',
            hash: 'SHA-256',
            modulusLength: kind === 'RSA' ? 2048 : 1024,
            publicExponent: Uint8Array.of(1, 0, 1),
          }
        : { name: 'ECDSA', namedCurve: kind, hash: hashOf[kind] }
  return algorithm as ReturnType<typeof algorithmOf>
}

export interface Issued {
  readonly der: Bytes
  readonly keys: CryptoKeyPair
  readonly kind: KeyKind
  readonly subject: string
}

export interface CertificateRequest {
  readonly subject: string
  readonly kind?: KeyKind
  /** Itself where it is left out. */
  readonly issuer?: Issued
  readonly issuerName?: string
  /** New ones where they are left out. */
  readonly keys?: CryptoKeyPair
  readonly from?: string
  readonly until?: string
  readonly extensions?: readonly InstanceType<typeof x509.Extension>[]
  /** Of the signature, where it is not the one that goes with the curve. */
  readonly hash?: string
}

/** A certificate and its keys. */
export async function certificate(request: CertificateRequest): Promise<Issued> {
  const { subject, kind = 'P-256', issuer, issuerName, extensions = [], hash } = request
  const keys =
    request.keys ??
    ((await crypto.subtle.generateKey(algorithmOf(kind), true, ['sign', 'verify'])) as CryptoKeyPair)
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject,
    issuer: issuerName ?? issuer?.subject ?? subject,
    notBefore: new Date(request.from ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(request.until ?? '2027-01-01T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: { ...algorithmOf(issuer?.kind ?? kind), ...(hash !== undefined && { hash }) },
    extensions: [...extensions],
  })
  return { der: new Uint8Array(made.rawData), keys, kind, subject }
}

const { KeyUsageFlags: usage } = x509
export const authority = (pathLength?: number) => [
  new x509.BasicConstraintsExtension(true, pathLength, true),
  new x509.KeyUsagesExtension(usage.keyCertSign | usage.cRLSign, true),
]
export const signing = () => new x509.KeyUsagesExtension(usage.digitalSignature, true)
export const names = (...list: readonly { type: 'dns' | 'url' | 'email'; value: string }[]) =>
  new x509.SubjectAlternativeNameExtension([...list])
export const extension = (oid: string, isCritical: boolean) =>
  new x509.Extension(oid, isCritical, Uint8Array.of(5, 0))
