/** The file in which a workspace keeps the history of its keys: one signed entry a line, only ever added to. */
import { join } from 'node:path'
import type { Did } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'
import { readKeyHistory, type SignedEntry } from '../trust/key-history.ts'

export const historyFile = 'key-history.jsonl'

/** The signed entries of a workspace; none where it was made before there were any. @throws `keys.history_broken` */
export async function signedHistory(dir: string): Promise<readonly Json[]> {
  const path = join(dir, historyFile)
  const bytes = await readFileBounded(path).catch((cause: { code?: string }) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (bytes === null) return []
  const lines = bytes.toString('utf8').split('\n').slice(0, -1)
  return lines.map((line, i) => {
    const parsed = parseJson(line)
    if (parsed.ok && isObject(parsed.value)) return parsed.value
    throw new CertificateError('keys.history_broken', { path, what: `line ${i + 1}` })
  })
}

/** The same, verified from the first entry on. @throws `keys.history_broken` */
export async function readHistory(dir: string, did: Did): Promise<readonly SignedEntry[]> {
  const reading = await readKeyHistory(await signedHistory(dir), did)
  if (reading.ok) return reading.entries
  const what = `${reading.fault}, ${reading.detail}`
  throw new CertificateError('keys.history_broken', { path: join(dir, historyFile), what })
}
