/** DIDs and DID URLs as types and as syntax (DID Core 1.0, section 3). Resolution is the business of `did/`. */

/** A decentralised identifier, `did:web:agency.example`. */
export type Did = `did:${string}:${string}`
/** A DID with the fragment that names one key, `did:web:agency.example#k1`. */
export type DidUrl = `${Did}#${string}`

const did = /^did:[a-z0-9]+:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})$/
const didLimit = 2048

export const isDid = (text: unknown): text is Did =>
  typeof text === 'string' && text.length <= didLimit && did.test(text)

/** Splits `did:…#key` into its DID and fragment; `null` where a path, a query or no fragment is found. */
export function splitDidUrl(text: string): { readonly did: Did; readonly fragment: string } | null {
  const hash = text.indexOf('#')
  if (hash < 0) return null
  const base = text.slice(0, hash)
  const fragment = text.slice(hash + 1)
  return isDid(base) && /^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+$/.test(fragment) ? { did: base, fragment } : null
}

/** Whether the text is an absolute URL by RFC 3986's letter set; relative references and free text are not. */
export function isUrl(text: unknown): text is string {
  return (
    typeof text === 'string' && text.length <= 4096 && /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text)
  )
}
