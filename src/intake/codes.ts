/** Every code of the intake, with its verdict and its words in English and Chinese. */
import { awardCodes } from './codes-award.ts'
import { fileCodes } from './codes-file.ts'
import { personCodes } from './codes-person.ts'
import { prerequisiteCodes } from './codes-prerequisite.ts'
import type { CodeRow } from './finding.ts'

const catalogue = { ...fileCodes, ...personCodes, ...awardCodes, ...prerequisiteCodes } as const

export type FindingCode = keyof typeof catalogue

export const findingCatalogue: Readonly<Record<FindingCode, CodeRow>> = catalogue
