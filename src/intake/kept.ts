/** What is kept of a candidate until all rows are read: a hundred thousand of them are held at once. */
import type { Candidate } from './candidate.ts'
import type { UnsuccessfulResult } from './exam-result.ts'

/** Keeps the candidates of one file. Texts that its rows have in common are held once. */
export function keeper(): (candidate: Candidate) => Candidate {
  const texts = new Map<string, string>()
  const shared = <Text extends string>(text: Text): Text => {
    const known = texts.get(text)
    if (known !== undefined) return known as Text // equal to it
    if (texts.size < mostTexts) texts.set(text, text)
    return text
  }
  return ({ remarks, suggested, values, content }) => {
    const kept: Writable<Partial<UnsuccessfulResult>> = { ...values }
    for (const member of sharedMembers) {
      const text = kept[member]
      if (text !== undefined) kept[member] = shared(text) as never // of the same member
    }
    if (kept.matchKey === kept.name && kept.name !== undefined) kept.matchKey = kept.name
    return {
      remarks: remarks.length === 0 ? nothing : remarks,
      suggested: Object.keys(suggested).length === 0 ? nobody : suggested,
      values: kept,
      content,
    }
  }
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** What many rows of an export say alike. */
const sharedMembers = [
  'session',
  'birthDate',
  'occupationCode',
  'direction',
  'trainingProvider',
  'trainingOrder',
  'trainingProject',
  'trainedFrom',
  'site',
  'examinedOn',
] as const satisfies readonly (keyof UnsuccessfulResult)[]

/** Beyond this many, texts are not alike, and looking for them is in vain. */
const mostTexts = 65_536

const nothing: Candidate['remarks'] = []
const nobody: Candidate['suggested'] = {}
