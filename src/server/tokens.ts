/** Bearer tokens (RFC 6750). Only their digests are kept. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { httpProblem, ProblemError } from './problem.ts'

/** `'open'` lets in everybody who calls this machine by a name of its own; it has to be said. */
export type Tokens = readonly string[] | 'open'

/**
 * Makes the check of one request.
 * @returns a function that throws ProblemError 401 where the request has no token that is known
 * @throws `server.token_malformed` for a token that could be guessed or could not be sent
 */
export function authorisation(tokens: Tokens): (request: Request) => void {
  if (tokens === 'open') return refuseOtherHosts
  if (!tokens.every((token) => tokenPattern.test(token))) throw new CertificateError('server.token_malformed')
  const digests = tokens.map((token) => sha256(utf8(token)))
  return ({ headers }) => {
    const given = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
    if (given === undefined) throw refusal('Bearer realm="gradecert"')
    const digest = sha256(utf8(given))
    // Every one is looked at: the time says nothing of which, and digests say nothing of how much was right.
    const known = digests.reduce((found, one) => (isSame(one, digest) ? true : found), false)
    if (!known) throw refusal('Bearer realm="gradecert", error="invalid_token"')
  }
}

/** A page on the Internet whose name was made to lead here (DNS rebinding) still calls by that name. */
function refuseOtherHosts({ url }: Request): void {
  if (!isLoopback(new URL(url).hostname)) throw refusal('Bearer realm="gradecert"')
}

/** Whether a host name or address, as a URL has it or as a person types it, never leaves this machine. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)

/** RFC 6750, section 2.1, and so many characters that nobody tries them all. */
const tokenPattern = /^[A-Za-z0-9._~+/-]{16,512}=*$/

const refusal = (challenge: string): ProblemError =>
  new ProblemError(httpProblem(401, 'This route needs a bearer token.'), { 'www-authenticate': challenge })

function isSame(a: Bytes, b: Bytes): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}
