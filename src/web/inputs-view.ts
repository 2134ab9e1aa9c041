/** Where a person hands something to the page: a drop, a dialogue, a camera, a text. */
import type { Language, Words } from '../base/message.ts'
import { fileButton } from './controls.ts'
import { element } from './element.ts'
import { chosenFiles, type Found } from './sources.ts'
import { pageWords } from './words.ts'

export interface InputsOptions {
  readonly language: Language
  readonly isScanning: boolean
  /** Shows what the camera sees. */
  readonly video: HTMLVideoElement
  readonly judge: (found: Found) => void
  readonly judgeText: (text: string, name: string) => void
  /** Begins with the camera, or ends. */
  readonly scan: () => void
}

export function inputsView({
  language,
  isScanning,
  video,
  judge,
  judgeText,
  scan,
}: InputsOptions): readonly HTMLElement[] {
  const text = (words: Words) => words[language]
  const area = element('textarea', { id: 'text', rows: 3, spellcheck: 'false', autocomplete: 'off' })
  return [
    element(
      'div',
      { class: 'drop' },
      element('p', { class: 'large' }, text(pageWords.drop)),
      element('p', {}, text(pageWords.dropHint)),
      element(
        'p',
        { class: 'buttons' },
        fileButton(text(pageWords.chooseFiles), { id: 'files', multiple: true }, (list) =>
          judge(chosenFiles(list)),
        ),
        fileButton(text(pageWords.chooseFolder), { id: 'folder', webkitdirectory: true }, (list) =>
          judge(chosenFiles(list)),
        ),
        element(
          'button',
          { type: 'button', id: 'scan', click: () => scan() },
          text(isScanning ? pageWords.stopScan : pageWords.scan),
        ),
      ),
      isScanning
        ? element('div', { class: 'camera' }, element('p', {}, text(pageWords.scanning)), video)
        : null,
    ),
    element(
      'details',
      { class: 'paste' },
      element('summary', {}, text(pageWords.paste)),
      element('label', { for: 'text', class: 'hidden' }, text(pageWords.paste)),
      area,
      element(
        'button',
        { type: 'button', id: 'verify-text', click: () => judgeText(area.value, text(pageWords.pasted)) },
        text(pageWords.verifyText),
      ),
    ),
  ]
}
