/** What `publish` wrote into a folder, by the names that it gives, and nothing else that may lie there. */
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileBounded } from '../base/files.ts'
import { evidenceMediaType } from '../evidence/evidence.ts'
import type { Site } from './site-route.ts'

/**
 * Serves a published folder.
 * @param base the path at which the site starts, without a slash at the end: `''` or `/agency`
 */
export function folderSite(folder: string, base = ''): Site {
  return async (path) => {
    const name = path.startsWith(`${base}/`) ? path.slice(base.length + 1) : ''
    const row = published.find(([pattern]) => pattern.test(name))
    if (row === undefined) return null
    const bytes = await readInside(folder, name)
    return bytes === null ? null : { bytes: new Uint8Array(bytes), mediaType: row[1] }
  }
}

/** One row per kind of published file: its name below the folder, its media type. */
const published: readonly (readonly [name: RegExp, mediaType: string])[] = [
  [/^(\.well-known\/)?did\.json$/, 'application/did+json'],
  [/^(\.well-known\/)?did\.jsonl$/, 'text/jsonl'],
  [/^(\.well-known\/)?did-witness\.json$/, 'application/json'],
  [/^(catalogue|trust-lists)\.json$/, 'application/json'],
  [/^evidence\.json$/, evidenceMediaType],
  [/^verify\.html$/, 'text/html; charset=utf-8'],
  [/^key-history\.jsonl$/, 'text/jsonl'],
  [/^status\/[\w-]+\.json$/, 'application/vc'],
  [/^status\/[\w-]+\.jwt$/, 'application/statuslist+jwt'],
  [/^vct\/[\w.-]+\.json$/, 'application/json'],
  [/^contexts\/[\w.-]+\.json$/, 'application/ld+json'],
  [/^schemas\/[\w.-]+\.json$/, 'application/schema+json'],
]

/** The bytes of a file that is really there: a link could lead to a key. */
async function readInside(folder: string, name: string): Promise<Buffer | null> {
  try {
    const path = join(await realpath(folder), name)
    return (await realpath(path)) === path ? await readFileBounded(path) : null
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String((error as { code?: unknown }).code)))
      return null
    throw error
  }
}
