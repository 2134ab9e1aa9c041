/** DIDs, controllers and the URLs of their keys, as types and as syntax (DID Core 1.0, section 3; CID 1.0). Resolution is the business of `did/`. */

/** A decentralised identifier, `did:web:agency.example`. */
export type Did = `did:${string}:${string}`
/** A DID with the fragment that names one key, `did:web:agency.example#k1`. */
export type DidUrl = `${Did}#${string}`
/** Who controls keys: a DID, or the https address of a controlled identifier document. */
export type ControllerId = Did | `https://${string}`

const did = /^did:[a-z0-9]+:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})$/
const didLimit = 2048

export const isDid = (text: unknown): text is Did =>
  typeof text === 'string' && text.length <= didLimit && did.test(text)

/**
 * Whether the text is a DID, or an https URL in its normal form, so that no two spellings are one controller: host names
 * with a dot, neither user nor fragment.
 */
export const isControllerId = (text: unknown): text is ControllerId => isDid(text) || isHttpsId(text)

/** Splits `did:…#key` or `https://…#key` into controller and fragment; `null` where a DID has a path or a query, or no fragment is found. */
export function splitMethodUrl(
  text: string,
): { readonly controller: ControllerId; readonly fragment: string } | null {
  const hash = text.indexOf('#')
  if (hash < 0) return null
  const controller = text.slice(0, hash)
  const fragment = text.slice(hash + 1)
  return isControllerId(controller) && /^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+$/.test(fragment)
    ? { controller, fragment }
    : null
}

/** Splits `did:…#key` into its DID and fragment; `null` where a path, a query or no fragment is found. */
export function splitDidUrl(text: string): { readonly did: Did; readonly fragment: string } | null {
  const split = splitMethodUrl(text)
  return split !== null && isDid(split.controller)
    ? { did: split.controller, fragment: split.fragment }
    : null
}

function isHttpsId(text: unknown): text is `https://${string}` {
  if (typeof text !== 'string' || !text.startsWith('https://') || text.length > didLimit) return false
  if (text.includes('#') || !URL.canParse(text)) return false
  const { href, hostname, username, password } = new URL(text)
  const isNormal = href === text || href === `${text}/`
  // The parser writes every IPv4 address as four numbers, whatever it was typed as.
  const isName = /\.[a-z][a-z0-9-]*$/.test(hostname)
  return isNormal && isName && username === '' && password === ''
}

/** Whether the text is an absolute URL by RFC 3986's letter set; relative references and free text are not. */
export function isUrl(text: unknown): text is string {
  return (
    typeof text === 'string' && text.length <= 4096 && /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text)
  )
}
