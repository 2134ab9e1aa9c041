/** Texts in more than one language. The Chinese text is the legal one. */

/** BCP 47 tag to text. `zh-Hans` is what the law reads; `en` helps everybody else. */
export interface Labels {
  readonly 'zh-Hans': string
  readonly en?: string | undefined
}

/** One line that shows both languages, for the fields of Open Badges that hold a single string. */
export function bilingual(labels: Labels): string {
  return labels.en === undefined ? labels['zh-Hans'] : `${labels['zh-Hans']} / ${labels.en}`
}
