/** The verifier page as a file: as it was built, and with what an agency puts into it. */
import { readFile } from 'node:fs/promises'
import { CertificateError } from '../base/errors.ts'
import type { Given } from './messages.ts'

/** The page as built. @throws `page.not_built` */
export async function builtPage(): Promise<string> {
  const here = import.meta.url
  const place = here.endsWith('.ts') ? '../../dist/web/verify.html' : './web/verify.html'
  try {
    return await readFile(new URL(place, here), 'utf8')
  } catch (cause) {
    throw new CertificateError('page.not_built', {}, { cause })
  }
}

/** What is given stands in a data block, which no browser runs. */
const opening = '<script type="application/json" id="given">'
const ending = '</script>'

/** A page with what it is given. @throws `page.malformed` */
export function pageWith(page: string, given: Given): string {
  const start = page.indexOf(opening)
  const end = page.indexOf(ending, start)
  if (start < 0 || end < 0) throw new CertificateError('page.malformed')
  return `${page.slice(0, start + opening.length)}${blockOf(given)}${page.slice(end)}`
}

/** JSON in which nothing can end the block that it stands in, or begin a comment. */
const blockOf = (given: Given): string =>
  JSON.stringify(given).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
