/** What Node compiled of the command line is kept for its next run, where nobody else can put anything. */
import { lstatSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Node runs what it finds in its cache without looking at it again, and by default it looks in a folder for temporary files,
 * which on many machines everybody may write to. So the cache is in a folder of the user's own, or nowhere.
 */
export function keepCompiled(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NODE_COMPILE_CACHE !== undefined || env.NODE_DISABLE_COMPILE_CACHE !== undefined) return
  const folder = cacheFolder(env)
  if (folder !== null) enableCompileCache(folder)
}

/** XDG Base Directory Specification; `null` where there is no home, or where somebody else could write. */
export function cacheFolder({
  XDG_CACHE_HOME: cache,
  HOME: home,
}: Readonly<Record<string, string | undefined>>): string | null {
  const base = cache?.startsWith('/') ? cache : home?.startsWith('/') ? join(home, '.cache') : null
  const user = process.getuid?.()
  if (base === null || user === undefined) return null
  const folder = join(base, 'gradecert')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return [base, folder].every((path) => isOwn(path, user)) ? folder : null
  } catch {
    return null // a home that cannot be written to, or is not there
  }
}

/** No link, and nobody else may write. */
function isOwn(path: string, user: number): boolean {
  const stat = lstatSync(path)
  return stat.isDirectory() && stat.uid === user && (stat.mode & 0o022) === 0
}
