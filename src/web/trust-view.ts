/** Whom the page trusts and what it knows, with the ways to change that; only a person does. */
import type { Language, Words } from '../base/message.ts'
import { filled } from '../base/visible.ts'
import { oddNames } from './certificate-view.ts'
import { fileButton } from './controls.ts'
import { element, foreign, placed } from './element.ts'
import { joined } from './given.ts'
import type { Ask, State } from './state.ts'
import { itemsIn, trustLines, trustNames } from './trust-lines.ts'
import { pageWords } from './words.ts'

export interface TrustOptions extends Pick<State, 'language' | 'builtIn' | 'given'> {
  readonly loadTrust: (files: FileList) => void
  readonly loadEvidence: (files: FileList) => void
}

export function trustView({
  language,
  builtIn,
  given,
  loadTrust,
  loadEvidence,
}: TrustOptions): readonly HTMLElement[] {
  const text = (words: Words) => words[language]
  const lists = [
    ...trustLines(builtIn.trust, text(pageWords.trustBuiltIn)),
    ...trustLines(given.trust, text(pageWords.trustLoaded)),
  ]
  const count = joined(builtIn, given).evidence.reduce((sum, one) => sum + itemsIn(one), 0)
  return [
    element('h2', { id: 'trust-title' }, text(pageWords.trustTitle)),
    lists.length === 0
      ? element('p', { class: 'warning' }, text(pageWords.trustNone))
      : element(
          'ul',
          {},
          lists.map(({ name, isTrial, from }) =>
            element(
              'li',
              {},
              foreign(name, oddNames(language)),
              isTrial ? element('strong', { class: 'trial' }, ` ${text(pageWords.trustTrial)}`) : null,
              ` — ${from}`,
            ),
          ),
        ),
    element(
      'p',
      {},
      count === 0 ? text(pageWords.evidenceNone) : filled(text(pageWords.evidenceCount), { count }),
    ),
    element(
      'p',
      { class: 'buttons' },
      fileButton(text(pageWords.trustLoad), { id: 'trust', accept: '.json' }, loadTrust),
      fileButton(
        text(pageWords.evidenceLoad),
        { id: 'evidence', accept: '.json', multiple: true },
        loadEvidence,
      ),
    ),
  ]
}

export interface AskOptions {
  readonly language: Language
  readonly accept: () => void
  readonly refuse: () => void
}

/** Asks whether a file that was chosen is to count. */
export function askView(
  { kind, path, text: given }: Ask,
  { language, accept, refuse }: AskOptions,
): HTMLElement {
  const ask = kind === 'trust' ? pageWords.trustAsk : pageWords.chainsAsk
  const yes = kind === 'trust' ? pageWords.trustYes : pageWords.chainsYes
  const { roots, names } = kind === 'trust' ? trustNames(given) : { roots: [], names: [] }
  return element(
    'div',
    { class: 'ask', role: 'group' },
    element(
      'p',
      {},
      placed(ask[language], {
        path: foreign(path, oddNames(language)),
        roots: foreign(roots.join(', '), oddNames(language)),
        names: foreign(names.join(', '), oddNames(language)),
      }),
    ),
    element(
      'p',
      { class: 'buttons' },
      element(
        'button',
        {
          type: 'button',
          class: 'yes',
          click: accept,
        },
        yes[language],
      ),
      element(
        'button',
        {
          type: 'button',
          click: refuse,
        },
        pageWords.trustNo[language],
      ),
    ),
  )
}
