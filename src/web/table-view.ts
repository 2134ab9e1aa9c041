/** Many certificates on the page: a table that grows while they are judged, to sort, filter and search. */
import type { Language, Words } from '../base/message.ts'
import { filled } from '../base/visible.ts'
import { gradeLabels } from '../certificate/grade.ts'
import { findingOf, findingWords } from '../render/finding.ts'
import { statedIn } from '../render/report-writers.ts'
import type { Report, Verdict } from '../verify/report.ts'
import { oddNames, verdictSigns } from './certificate-view.ts'
import { element, fill, foreign, sign } from './element.ts'
import { pageWords, verdictWords } from './words.ts'

export interface Judged {
  readonly path: string
  /** File, and text of the file. */
  readonly place: readonly [file: number, text: number]
  readonly report: Report
}

const columns = ['verdict', 'name', 'number', 'occupation', 'grade', 'awardedOn', 'reason', 'file'] as const
type Column = (typeof columns)[number]

const columnNames: Readonly<Record<Column, Words>> = {
  verdict: pageWords.verdict,
  name: pageWords.name,
  number: pageWords.number,
  occupation: pageWords.occupation,
  grade: pageWords.grade,
  awardedOn: pageWords.awardedOn,
  reason: pageWords.reason,
  file: pageWords.file,
}

export interface TableState {
  readonly show: Verdict | 'all'
  readonly search: string
  readonly sort: { readonly column: Column; readonly descending: boolean } | undefined
  /** Rows that are drawn; a browser gets slow with tens of thousands. */
  readonly limit: number
}

/** Rows drawn at first, and with each press of the button below them. */
export const tableStep = 200
export const firstTable: TableState = { show: 'all', search: '', sort: undefined, limit: tableStep }

export interface TableOptions {
  readonly language: Language
  readonly state: TableState
  readonly change: (state: TableState) => void
  readonly open: (judged: Judged) => void
}

/** The controls above the table; they stay while rows come. */
export function tableControls({ language, state, change }: TableOptions): HTMLElement {
  const select = element(
    'select',
    {
      id: 'show',
      change: (event) =>
        change({
          ...state,
          show: (event.target as HTMLSelectElement).value as Verdict | 'all',
          limit: tableStep,
        }),
    },
    (['all', 'valid', 'invalid', 'undetermined'] as const).map((value) =>
      element(
        'option',
        { value, selected: value === state.show },
        value === 'all' ? pageWords.all[language] : verdictWords[value][language],
      ),
    ),
  )
  const search = element('input', {
    id: 'search',
    type: 'search',
    value: state.search,
    input: (event) =>
      change({ ...state, search: (event.target as HTMLInputElement).value, limit: tableStep }),
  })
  return element(
    'div',
    { class: 'controls' },
    element('label', { for: 'show' }, pageWords.filter[language]),
    select,
    element('label', { for: 'search' }, pageWords.search[language]),
    search,
  )
}

/** The table of what has been judged so far. */
export function resultTable(
  all: readonly Judged[],
  { language, state, change, open }: TableOptions,
): HTMLElement {
  const cells = all.map((judged) => ({ judged, cells: cellsOf(judged, language) }))
  const wanted = cells
    .filter(({ judged }) => state.show === 'all' || judged.report.verdict === state.show)
    .filter(
      ({ cells: of }) =>
        state.search === '' ||
        Object.values(of).some((text) => text.toLowerCase().includes(state.search.toLowerCase())),
    )
  const { sort } = state
  const sorted =
    sort === undefined
      ? wanted
      : wanted.toSorted(
          (a, b) => (sort.descending ? -1 : 1) * collator.compare(a.cells[sort.column], b.cells[sort.column]),
        )
  const drawn = sorted.slice(0, state.limit)
  const rest = sorted.length - drawn.length
  const table = element(
    'table',
    { class: 'results' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        columns.map((column) => headerCell(column, { language, state, change })),
      ),
    ),
    element(
      'tbody',
      {},
      drawn.map(({ judged, cells: of }) => rowOf(judged, of, { language, open })),
    ),
  )
  const more = element(
    'button',
    { type: 'button', click: () => change({ ...state, limit: state.limit + 5 * tableStep }) },
    filled(pageWords.more[language], { count: Math.min(rest, 5 * tableStep) }),
  )
  const box = element('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': pageWords.verdict[language],
  })
  fill(box, table, rest > 0 ? more : null)
  return box
}

const collator = new Intl.Collator('zh-Hans', { numeric: true })

function headerCell(
  column: Column,
  { language, state, change }: Pick<TableOptions, 'language' | 'state' | 'change'>,
): HTMLElement {
  const isSorted = state.sort?.column === column
  const descending = isSorted && state.sort?.descending === true
  const name = columnNames[column][language]
  const order = !isSorted ? 'none' : descending ? 'descending' : 'ascending'
  return element(
    'th',
    { scope: 'col', 'aria-sort': order },
    element(
      'button',
      {
        type: 'button',
        'aria-label': filled(pageWords.sortBy[language], { column: name }),
        click: () => change({ ...state, sort: { column, descending: isSorted && !descending } }),
      },
      name,
      element('span', { 'aria-hidden': 'true' }, isSorted ? (descending ? ' ▼' : ' ▲') : ''),
    ),
  )
}

function rowOf(
  judged: Judged,
  cells: Readonly<Record<Column, string>>,
  { language, open }: Pick<TableOptions, 'language' | 'open'>,
): HTMLElement {
  const { verdict } = judged.report
  const named = cells.name || cells.file
  return element(
    'tr',
    { class: verdict },
    columns.map((column) =>
      column === 'verdict'
        ? element(
            'td',
            {},
            element(
              'button',
              {
                type: 'button',
                'aria-label': `${cells.verdict}. ${filled(pageWords.open[language], { name: named })}`,
                click: () => open(judged),
              },
              sign(verdictSigns[verdict]),
              ` ${cells.verdict}`,
            ),
          )
        : element(
            'td',
            { class: verdict === 'valid' || column === 'file' || column === 'reason' ? '' : 'claimed' },
            foreign(cells[column], oddNames(language)),
          ),
    ),
  )
}

function cellsOf({ path, report }: Judged, language: Language): Readonly<Record<Column, string>> {
  const tag = language === 'zh' ? 'zh-Hans' : 'en'
  const stated = statedIn(report)
  const award = stated !== undefined && 'award' in stated ? stated.award : undefined
  return {
    verdict: verdictWords[report.verdict][language],
    name: stated?.holder.name ?? '',
    number: stated !== undefined && 'number' in stated ? stated.number : '',
    occupation:
      award === undefined ? '' : (award.occupation.labels[tag] ?? award.occupation.labels['zh-Hans']),
    grade: award === undefined ? '' : `${gradeLabels[award.grade.code][tag]} (${award.grade.ordinal}/3)`,
    awardedOn: stated !== undefined && 'awardedOn' in stated ? stated.awardedOn : '',
    reason: findingWords[findingOf(report)].headline[language],
    file: path,
  }
}
