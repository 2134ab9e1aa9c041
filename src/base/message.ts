/** Words for people: every code of this package has a row with what is wrong and what to do, in English and Chinese. */

export type Language = 'zh' | 'en'

/** One text in two languages; `{name}` stands for a value. */
export type Words = Readonly<Record<Language, string>>

/** What is wrong, then what to do about it. `{name}` stands for a member of the detail that comes with the code. */
export interface Explanation {
  readonly en: readonly [what: string, remedy: string]
  readonly zh: readonly [what: string, remedy: string]
}

export type Detail = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** One sentence or two for a person: what is wrong, why, and what to do. */
export function explain(explanation: Explanation, language: Language, detail: Detail = {}): string {
  const [what, remedy] = explanation[language]
  const sentence = remedy === '' ? what : `${what}${language === 'zh' ? '' : ' '}${remedy}`
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = detail[name]
    return value === undefined
      ? '?'
      : typeof value === 'object'
        ? value.join(language === 'zh' ? '、' : ', ')
        : String(value)
  })
}
