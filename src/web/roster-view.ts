/** Persons whom somebody knows beside the certificates that were judged: one row a person. */
import type { Language } from '../base/message.ts'
import { filled } from '../base/visible.ts'
import { screen, screened } from '../batch/screening.ts'
import { screeningWords } from '../batch/screening-words.ts'
import type { RosterPerson } from '../intake/roster.ts'
import { oddNames } from './certificate-view.ts'
import { element, foreign } from './element.ts'
import type { Judged } from './table-view.ts'
import { pageWords, verdictWords } from './words.ts'

/** Rows that are drawn; a browser gets slow with tens of thousands. */
const rowLimit = 2000

export function rosterView(
  roster: readonly RosterPerson[],
  judged: readonly Judged[],
  language: Language,
): HTMLElement {
  const certificates = judged.map(({ path, report }) => screened(path, report))
  const { persons, others } = screen(roster, certificates)
  return element(
    'section',
    {},
    element('h3', {}, pageWords.rosterTitle[language]),
    element('p', {}, filled(pageWords.notInRoster[language], { count: others.length })),
    persons.length > rowLimit
      ? element('p', {}, filled(pageWords.personsShown[language], { shown: rowLimit, count: persons.length }))
      : null,
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': pageWords.rosterTitle[language] },
      element(
        'table',
        { class: 'persons' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            [pageWords.person, pageWords.verdict, pageWords.number, pageWords.remarks].map((words) =>
              element('th', { scope: 'col' }, words[language]),
            ),
          ),
        ),
        element(
          'tbody',
          {},
          persons
            .slice(0, rowLimit)
            .map(({ person, verdict, certificate, codes }) =>
              element(
                'tr',
                { class: verdict },
                element('th', { scope: 'row' }, foreign(person.name, oddNames(language))),
                element('td', {}, verdictWords[verdict][language]),
                element('td', {}, foreign(certificate?.number ?? '', oddNames(language))),
                element('td', {}, codes.map((code) => screeningWords[code][language]).join(' ')),
              ),
            ),
        ),
      ),
    ),
  )
}
