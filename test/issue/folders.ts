/** Folders for tests: a fresh one each, taken away at the end, and what is in them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'gradecert-issue-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A path at which nothing is yet. */
export const freshPath = (): string => join(mkdtempSync(join(root, 'one-')), 'workspace')

/** Every file below a folder with its content, `latin1` so that no byte is lost. */
export const contentsOf = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(filesOf(dir).map((file) => [file, readFileSync(join(dir, file), 'latin1')]))

export const filesOf = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(dir, file)).isFile())
    .sort()

/** Rights of a file or folder, octal: `600`. */
export const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
