/** What an agency publishes, by the paths that it publishes and no others. */
import type { Bytes } from '../base/bytes.ts'
import { sha256Hex } from '../base/digest.ts'
import type { Answer, Call } from './answer.ts'
import { httpProblem, ProblemError } from './problem.ts'

/** The published file at a path that starts with a slash; `null` where there is none. */
export type Site = (path: string) => Promise<SiteFile | null>

export interface SiteFile {
  readonly bytes: Bytes
  readonly mediaType: string
}

/** @throws ProblemError 404 */
export async function siteAnswer({ request }: Pick<Call, 'request'>, site: Site): Promise<Answer> {
  const path = new URL(request.url).pathname
  const file = isPlain(path) ? await site(path) : null
  if (file === null) throw new ProblemError(httpProblem(404, 'Nothing is published here.'))
  const etag = `"${sha256Hex(file.bytes)}"`
  const headers = { etag, 'cache-control': 'public, max-age=300' }
  return isKnown(request.headers.get('if-none-match'), etag)
    ? { status: 304, mediaType: file.mediaType, body: new Uint8Array(), headers }
    : { status: 200, mediaType: file.mediaType, body: file.bytes, headers }
}

/** Names of letters, digits, dots, hyphens and underscores that do not start with two dots: nothing is left to decode. */
const isPlain = (path: string): boolean =>
  path.length <= 1024 && /^(?:\/(?!\.\.)[A-Za-z0-9._-]+)+$/.test(path)

/** RFC 9110, section 13.1.2: weak comparison. */
const isKnown = (given: string | null, etag: string): boolean =>
  (given ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
