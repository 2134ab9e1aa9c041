/** Writes docs/codes.md from the catalogues of the source; with `--check` it only says whether the page is up to date. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { errorCatalogue } from '../src/base/errors.ts'
import type { Explanation } from '../src/base/message.ts'
import { statusReasons } from '../src/certificate/status-reason.ts'
import { findingCatalogue } from '../src/intake/codes.ts'
import { checkNames, reasonCatalogue } from '../src/verify/reasons.ts'

const path = fileURLToPath(new URL('../docs/codes.md', import.meta.url))
const page = codesPage()
if (process.argv.includes('--check')) {
  if ((await readFile(path, 'utf8')) !== page) {
    console.error('docs/codes.md is out of date: run `npm run docs:codes`')
    process.exitCode = 1
  }
} else {
  await writeFile(path, page)
}

function codesPage(): string {
  return [
    '# Codes',
    '',
    'Every code that gradecert gives, with what is wrong and what to do. Generated from the source by `npm run docs:codes`.',
    '',
    '## Reasons of a report',
    '',
    ...Object.entries(checkNames).map(([id, { en, zh }]) => `- \`${id}\`: ${en} / ${zh}`),
    '',
    ...table('reason', reasonCatalogue),
    '',
    '## Findings in an export',
    '',
    ...table('code', findingCatalogue, ({ verdict }) => verdict),
    '',
    '## Errors',
    '',
    ...table('code', errorCatalogue),
    '',
    '## Reasons for a change of status',
    '',
    '| code | effect | 中文 |',
    '| --- | --- | --- |',
    ...statusReasons.map(({ code, effect, labels }) => `| \`${code}\` | ${effect} | ${labels['zh-Hans']} |`),
    '',
  ].join('\n')
}

function table<Row extends Explanation>(
  head: string,
  rows: Readonly<Record<string, Row>>,
  extra?: (row: Row) => string,
): readonly string[] {
  const cells = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const columns = extra === undefined ? 3 : 4
  return [
    cells([head, ...(extra === undefined ? [] : ['verdict']), 'English', '中文']),
    cells(Array(columns).fill('---')),
    ...Object.entries(rows).map(([code, row]) =>
      cells([`\`${code}\``, ...(extra === undefined ? [] : [extra(row)]), row.en.join(' '), row.zh.join('')]),
    ),
  ]
}
