/** What runs in the page: judges cases with the browser's own cryptography and hands back what Node can compare. */
import { fromHex } from '../../src/base/bytes.ts'
import { ed25519Backends } from '../../src/key/ed25519.ts'
import { verifySignature } from '../../src/key/public-key.ts'
import { type VerifyOptions, verify, verifyCredential, verifyPresentation } from '../../src/verify.ts'

export interface SignatureCase {
  readonly algorithm: 'Ed25519' | 'P-256' | 'P-384'
  /** Hex, as are the message and the signature. */
  readonly key: string
  readonly message: string
  readonly signature: string
}

export interface TextCase {
  readonly asks: 'certificate' | 'any' | 'presentation'
  readonly text: string
  /** Plain JSON: without `fetch`. */
  readonly options: VerifyOptions
}

const judges = {
  certificate: verify,
  any: verifyCredential,
  presentation: (text: string, { binding, ...options }: VerifyOptions) =>
    verifyPresentation(text, { ...options, binding: binding ?? 'not-asked' }),
} as const

const bytes = (hex: string) => fromHex(hex)!

export const page = {
  backends: () => Object.keys(ed25519Backends),
  hasNode: () => 'process' in globalThis,
  async signatures(cases: readonly SignatureCase[]): Promise<readonly boolean[]> {
    const answers: boolean[] = []
    for (const { algorithm, key, message, signature } of cases) {
      answers.push(await verifySignature({ algorithm, bytes: bytes(key) }, bytes(message), bytes(signature)))
    }
    return answers
  },
  /** Reports as text, byte for byte. */
  async reports(cases: readonly TextCase[]): Promise<readonly string[]> {
    const answers: string[] = []
    for (const { asks, text, options } of cases) {
      answers.push(JSON.stringify(await judges[asks](text, options)))
    }
    return answers
  },
}

Object.assign(globalThis, { page })
