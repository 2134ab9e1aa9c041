// These packages ship no types; only what the tests call of them is said here.
declare module '@digitalbazaar/vc' {
  type Credential = Readonly<Record<string, unknown>>
  interface Options {
    readonly suite: unknown
    readonly documentLoader: unknown
    readonly now?: Date
  }
  export function issue(options: Options & { readonly credential: object }): Promise<Credential>
  export function derive(options: Options & { readonly verifiableCredential: object }): Promise<Credential>
  export function verifyCredential(
    options: Options & { readonly credential: object; readonly checkStatus?: unknown },
  ): Promise<{ readonly verified: boolean; readonly error?: unknown }>
}
declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { signer?: unknown; cryptosuite: unknown; date?: string })
  }
}
declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: unknown
}
declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: unknown
}
declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createSignCryptosuite(): unknown
  export function createVerifyCryptosuite(): unknown
}
declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: { mandatoryPointers: readonly string[] }): unknown
  export function createDiscloseCryptosuite(options: { selectivePointers: readonly string[] }): unknown
  export function createVerifyCryptosuite(): unknown
}
declare module '@digitalbazaar/ed25519-signature-2020' {
  export class Ed25519Signature2020 {
    constructor(options?: { signer?: unknown; date?: string })
  }
}
declare module '@digitalbazaar/vc-bitstring-status-list' {
  export class BitstringStatusList {
    setStatus(index: number, status: boolean): void
    getStatus(index: number): boolean
    encode(): Promise<string>
  }
  export function createList(options: { length: number }): Promise<BitstringStatusList>
  export function decodeList(options: { encodedList: string }): Promise<BitstringStatusList>
  export function createCredential(options: {
    id: string
    list: BitstringStatusList
    statusPurpose: string
  }): Promise<object>
  /** `verified` says that the lists could be read; whether the bits are set stands in `status`. */
  export function checkStatus(options: {
    credential: object
    documentLoader: unknown
    suite: unknown
  }): Promise<{
    readonly verified: boolean
    readonly error?: unknown
    readonly results?: readonly { readonly status: boolean }[]
  }>
}
declare module '@digitalbazaar/ed25519-multikey' {
  export function generate(options: { id: string; controller: string }): Promise<PeerKey>
  export function from(options: {
    id: string
    controller: string
    publicKeyMultibase: string
    secretKeyMultibase: string
  }): Promise<PeerKey>
  interface PeerKey {
    readonly publicKeyMultibase: string
    signer(): unknown
  }
}
declare module '@digitalbazaar/ecdsa-multikey' {
  export function generate(options: { id: string; controller: string; curve: string }): Promise<PeerKey>
  interface PeerKey {
    readonly publicKeyMultibase: string
    signer(): unknown
  }
}
