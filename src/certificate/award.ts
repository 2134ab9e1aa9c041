/** From a row of the catalogue to what a certificate says of the thing awarded. */
import { CertificateError } from '../base/errors.ts'
import { fix, isFixed, remember } from '../base/fixed.ts'
import { type Catalogue, findOccupation } from './catalogue.ts'
import type { Award } from './certificate.ts'
import { type GradeCode, grades } from './grade.ts'
import { bilingual } from './labels.ts'

export interface AwardChoice {
  /** Current, former or alias code. */
  readonly occupationCode: string
  readonly grade: GradeCode
  /** Chinese name of one of the occupation's directions, where it has any. */
  readonly direction?: string | undefined
}

/** Name of the framework by which the legal occupation is aligned. */
const classification = '中华人民共和国职业分类大典(2022年版)'

/**
 * The award for an occupation, grade and direction of a catalogue.
 * @throws `certificate.occupation_unknown`, `certificate.direction_unknown`
 */
export function awardFrom(catalogue: Catalogue, { occupationCode, grade, direction }: AwardChoice): Award {
  return awardOf(catalogue, JSON.stringify([occupationCode, grade, direction]))
}

/** A fixed catalogue awards the same again and again: a batch has few kinds of certificates. */
const awardOf = remember((catalogue: Catalogue, choice: string): Award => {
  const [occupationCode, grade, direction] = JSON.parse(choice)
  const award = composeAward(catalogue, { occupationCode, grade, direction: direction ?? undefined })
  return isFixed(catalogue) ? fix(structuredClone(award)) : award
})

function composeAward(catalogue: Catalogue, { occupationCode, grade, direction }: AwardChoice): Award {
  const row = findOccupation(catalogue, occupationCode)
  if (row === undefined)
    throw new CertificateError('certificate.occupation_unknown', { code: occupationCode })
  const chosen = row.directions.find((labels) => labels['zh-Hans'] === direction)
  if (
    (direction === undefined) !== (row.directions.length === 0) ||
    (direction !== undefined && chosen === undefined)
  ) {
    const directions = row.directions.map((labels) => labels['zh-Hans'])
    throw new CertificateError('certificate.direction_unknown', { direction: direction ?? '–', directions })
  }
  const item = row.items[grade]
  return {
    id: item.id,
    criteria: { id: item.criteriaId, narrative: catalogue.criteria },
    occupation: {
      code: row.code,
      ...(row.formerCode !== undefined && { formerCode: row.formerCode }),
      labels: row.labels,
    },
    ...(chosen !== undefined && { direction: { labels: chosen } }),
    grade: grades[grade],
    standard: row.standard,
    requiredTrainingHours: item.requiredTrainingHours,
    passMark: catalogue.passMark,
    alignments: [
      { name: bilingual(row.labels), url: row.id, framework: classification, code: row.code },
      ...row.alignments,
    ],
    crosswalk: [],
  }
}
