/** The three professional technical grades: scheme `cn.ptg.3`, low to high. A bare word such as 高级 is never enough. */
import gradesFile from './data/grades.json' with { type: 'json' }
import type { Labels } from './labels.ts'

export type GradeCode = 'junior' | 'intermediate' | 'senior'

export interface Grade {
  readonly scheme: 'cn.ptg.3'
  readonly code: GradeCode
  /** Rank in the scheme: 1 of 3 is the lowest. */
  readonly ordinal: 1 | 2 | 3
}

export const gradeScheme = 'cn.ptg.3'

export const grades: Readonly<Record<GradeCode, Grade>> = {
  junior: { scheme: gradeScheme, code: 'junior', ordinal: 1 },
  intermediate: { scheme: gradeScheme, code: 'intermediate', ordinal: 2 },
  senior: { scheme: gradeScheme, code: 'senior', ordinal: 3 },
}

/** Low to high. */
export const gradeCodes = ['junior', 'intermediate', 'senior'] as const satisfies readonly GradeCode[]

export const gradeLabels: Readonly<Record<GradeCode, Required<Labels>>> = {
  junior: { 'zh-Hans': '初级', en: 'Junior' },
  intermediate: { 'zh-Hans': '中级', en: 'Intermediate' },
  senior: { 'zh-Hans': '高级', en: 'Senior' },
}

/** How a word for a grade was understood. */
export type GradeReading =
  | { readonly kind: 'grade'; readonly code: GradeCode; readonly alias: boolean }
  /** A level of the skill-level family (五级…一级, 技师), of 1+X or of 软考. */
  | { readonly kind: 'wrong_family' }
  /** A professional title (助理工程师, 工程师…), which is something else than a grade. */
  | { readonly kind: 'title' }
  | { readonly kind: 'unknown' }

/** Reads the word that an exam system uses for a grade. */
export function readGrade(word: string): GradeReading {
  for (const code of gradeCodes) {
    if (word === gradeLabels[code]['zh-Hans'] || word === code) return { kind: 'grade', code, alias: false }
  }
  const known = gradesFile.grades.find((grade) => grade.inputAliases.includes(word))
  if (known !== undefined) return { kind: 'grade', code: known.code as GradeCode, alias: true }
  if (/技师|工人|[一二三四五]级|[初中高]级工$|学徒|1\+X|软考/.test(word)) return { kind: 'wrong_family' }
  if (/工程师|技术员|职称/.test(word)) return { kind: 'title' }
  return { kind: 'unknown' }
}
