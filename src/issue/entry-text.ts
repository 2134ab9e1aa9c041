/** From an entry of the registry to the file that its holder gets: signed once, kept, and the same bytes ever after. */
import { readFile } from 'node:fs/promises'
import { writeFileWhole } from '../base/files.ts'
import { type Entry, isLive } from '../registry/registry.ts'
import { type BadgeSuite, issue } from './issue.ts'
import { positionOf } from './status-slots.ts'
import { listNames, slotOrder, type Workspace } from './workspace.ts'

/** Signs what is not signed yet and keeps it; everything about the text was settled when the entry was reserved. */
export async function completeEntry(entry: Entry, workspace: Workspace): Promise<string> {
  if (entry.text !== null) return entry.text
  const text = await signEntry(entry, workspace)
  await workspace.registry.complete(entry.id, text)
  return text
}

export interface Shown {
  readonly file: string
  /** Whether it was signed just now. */
  readonly isNew: boolean
}

/** Makes a file what the registry says it is, unless the certificate is dead. `path` has no extension. */
export async function showEntry(entry: Entry, path: string, workspace: Workspace): Promise<Shown> {
  const text = await completeEntry(entry, workspace)
  const file = `${path}${extensionOf(entry)}`
  if (isLive(entry.standing) && (await readTextFile(file)) !== text) await writeFileWhole(file, text)
  return { file, isNew: entry.text === null }
}

/** With its dot. */
export const extensionOf = ({ signing }: Pick<Entry, 'signing'>): string =>
  extensions[signing.suite] ?? '.json'

/** The name of a file without extension: `NUMBER`, and `NUMBER.r2` for what first took its place. */
export const entryName = (number: string, revision: number): string =>
  revision === 1 ? fileName(number) : `${fileName(number)}.r${revision}`

/** A number as file name: what is not a letter, digit, dot, underscore or hyphen is percent-encoded as UTF-8. */
export const fileName = (number: string): string =>
  number.replace(/[^A-Za-z0-9._-]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )

/** A text of ours, `null` where there is none. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return null
  }
}

const extensions: Readonly<Record<string, string>> = { 'vc+jwt': '.jwt', 'badge-jwt': '.jwt' }

/** What signing takes of a workspace. */
export type SigningWorkspace = Pick<Workspace, 'settings' | 'secret' | 'signer'>

/** The text of an entry: the same whenever and wherever it is signed with one key. */
export async function signEntry(
  { certificate, signing, slot }: Pick<Entry, 'certificate' | 'signing' | 'slot'>,
  workspace: SigningWorkspace,
): Promise<string> {
  const { settings, signer } = workspace
  const { text } = await issue(certificate, {
    signer,
    suite: signing.suite as BadgeSuite,
    created: signing.created,
    proofId: signing.proofId,
    contextUrl: settings.contextUrl,
    schemaUrl: settings.schemaUrl,
    ...(certificate.type === 'ProfessionalTechnicalGradeCertificate' && {
      status: positionOf(slot, slotOrder(workspace), listNames(workspace)),
    }),
  })
  return text
}
