/** Opens the code on a paper; it is no presentation, and made for no occasion. */
import type { Expected, TextOpening } from './open.ts'
import { openPaperCode } from './paper-code.ts'

export function openCode(code: string, { kind = 'credential', binding }: Expected): TextOpening {
  if (kind === 'presentation') return { ok: false, fault: 'not_a_credential', detail: 'the code on a paper' }
  const opening = openPaperCode(code)
  if (!opening.ok) return opening
  const { opened } = opening
  return binding === undefined
    ? { ok: true, opening: { ok: true, opened } }
    : { ok: false, fault: 'binding_missing', detail: 'no holder made it for this occasion' }
}
