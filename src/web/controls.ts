/** What a person presses to hand files to the page, and to take one from it. */
import { element } from './element.ts'

/** A button that opens a dialogue for files; the same choice can be made again. */
export function fileButton(
  label: string,
  attributes: Readonly<Record<string, string | boolean>>,
  take: (files: FileList) => void,
): HTMLElement {
  const input = element('input', {
    type: 'file',
    class: 'hidden',
    ...attributes,
    change: (event) => {
      const field = event.target as HTMLInputElement
      if (field.files !== null && field.files.length > 0) take(field.files)
      field.value = ''
    },
  })
  return element('label', { class: 'button' }, label, input)
}

/** Hands a file to the person. */
export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  element('a', { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
