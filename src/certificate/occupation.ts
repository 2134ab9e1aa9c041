/** Occupations of the national classification: each has a current code, often a former one, sometimes aliases. */
import occupationsFile from './data/occupations.json' with { type: 'json' }
import type { Labels } from './labels.ts'

export interface Occupation {
  /** `2-02-38-01` in the 2022 edition. */
  readonly code: string
  /** `2-02-10-09` in the 2015 edition, where there was one. */
  readonly formerCode?: string | undefined
  readonly labels: Labels
}

/** A row of the built-in table. `C` marks what sources contradict each other about. */
export interface KnownOccupation extends Occupation {
  readonly aliases: readonly string[]
  readonly codeConfidence: 'A' | 'B' | 'C'
  readonly standardEdition: string
  readonly isco08: string
  readonly esco?: { readonly uri: string; readonly label: string }
}

/** The 14 occupations with professional technical grades. */
export const knownOccupations: readonly KnownOccupation[] = occupationsFile.occupations.map((row) => ({
  code: row.code,
  ...(row.formerCode !== null && row.formerCode !== row.code && { formerCode: row.formerCode }),
  labels: { 'zh-Hans': row.nameZh, en: row.nameEn },
  aliases: row.codeAliases,
  codeConfidence: row.codeConfidence as 'A' | 'B' | 'C',
  standardEdition: row.standardEdition.replace('?', ''),
  isco08: row.isco08,
  ...(row.escoUri !== null &&
    row.escoLabel !== null &&
    row.escoConfidence === 'A' && { esco: { uri: row.escoUri, label: row.escoLabel } }),
}))

/** Occupations that look alike but have five or eight skill levels in place of three grades. */
export const skillLevelOccupations: readonly { readonly code: string | null; readonly name: string }[] =
  occupationsFile.notThreeGrade.map((row) => ({ code: row.code, name: row.nameZh }))
