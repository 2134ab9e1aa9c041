/** What was given and not judged, each with its reason. */
import { filled } from '../base/visible.ts'
import { oddNames } from './certificate-view.ts'
import { element, foreign } from './element.ts'
import type { Left } from './messages.ts'
import type { State } from './state.ts'
import { leftAloneWords, pageWords } from './words.ts'

export type LeftAloneOptions = Pick<State, 'language' | 'leftAlone' | 'judged'>

export function leftAloneView({ language, leftAlone, judged }: LeftAloneOptions): HTMLElement {
  const rest = leftAlone.length - leftAloneRows
  return element(
    'details',
    // Of these nothing is known: a good result beside them is not all there is.
    { class: 'left-alone', open: judged.length === 0 || leftAlone.some(({ why }) => !isNoConcern(why)) },
    element('summary', {}, filled(pageWords.leftAlone[language], { count: leftAlone.length })),
    element(
      'ul',
      {},
      leftAlone
        .slice(0, leftAloneRows)
        .map(({ path, why, detail = '' }) =>
          element(
            'li',
            {},
            foreign(path, oddNames(language)),
            ` — ${leftAloneWords[why][language]}`,
            detail === '' ? null : [' (', foreign(detail, oddNames(language)), ')'],
          ),
        ),
    ),
    rest > 0 ? element('p', {}, filled(pageWords.notShown[language], { count: rest })) : null,
  )
}

/** Files that are named; a browser gets slow with many thousands. */
const leftAloneRows = 500

/** What is left alone for these reasons is no certificate. */
const isNoConcern = (why: Left['why']): boolean =>
  why === 'not_a_certificate_file' || why === 'evidence_taken'
