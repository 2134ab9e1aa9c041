/** The published vectors and sample exports, which are not part of a clone. Tests that read them skip where they are absent. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { noteRead } from './known-answers.ts'

const folder = process.env.GRADECERT_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url))

export const sharedIsHere = existsSync(`${folder}/vectors/README.md`)

if (!sharedIsHere) console.info('published vectors are not at hand: tests that read them are skipped')

export const sharedPath = (path: string): string => `${folder}/${path}`
export const sharedBytes = (path: string): Buffer => {
  noteRead(path)
  return readFileSync(sharedPath(path))
}
export const sharedText = (path: string): string => sharedBytes(path).toString('utf8')
// biome-ignore lint/suspicious/noExplicitAny: vectors of many shapes
export const sharedJson = (path: string): any => JSON.parse(sharedText(path))
