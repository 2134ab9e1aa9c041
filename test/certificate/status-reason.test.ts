import { expect, test } from 'vitest'
import reasonsFile from '../../src/certificate/data/status-reasons.json' with { type: 'json' }
import { findReason, statusReasons } from '../../src/certificate/status-reason.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

test('every reason has one effect on a certificate', () => {
  expect(Object.fromEntries(statusReasons.map(({ code, effect }) => [code, effect]))).toEqual({
    'cheating-serious': 'revoked',
    'cheating-grave': 'revoked',
    'fraudulent-materials': 'revoked',
    'identical-answers': 'revoked',
    'under-investigation': 'suspended',
    'data-correction': 'superseded',
    'lost-reissue': 'superseded',
    'holder-request': 'revoked',
    'issuer-key-compromise': 'superseded',
    'agency-removed': 'unchanged',
  })
})

test('a reason is found by its code, with its words and its basis', () => {
  expect(findReason('under-investigation')).toEqual({
    code: 'under-investigation',
    labels: { 'zh-Hans': '调查中' },
    basis: 'administrative',
    effect: 'suspended',
  })
  expect(findReason('Under-Investigation')).toBeUndefined()
  expect(findReason('')).toBeUndefined()
})

test.skipIf(!sharedIsHere)('the reasons are those that were handed over', () => {
  expect(reasonsFile).toEqual(sharedJson('data/status-reasons.json'))
})
