import { describe, expect, test } from 'vitest'
import { commitmentName, readStatement, statementJson } from '../../src/anchor/batch-statement.ts'
import { toBase64url } from '../../src/base/bytes.ts'
import type { Json } from '../../src/base/json.ts'

const statement = {
  issuer: 'did:web:agency.example',
  commitment: new Uint8Array(32).fill(7),
  size: 3,
} as const
const document = statementJson(statement)

describe('a statement on a batch', () => {
  test('is read as it was written', () => {
    expect(document).toEqual({
      type: 'GradecertBatchStatement',
      version: 1,
      issuer: 'did:web:agency.example',
      tree: 'rfc6962-sha256',
      size: 3,
      commitment: 'sha-256:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    })
    expect(readStatement(document)).toEqual(statement)
    expect(commitmentName(document)).toBe(toBase64url(statement.commitment))
  })

  test.each<[what: string, change: Record<string, Json>]>([
    ['another type', { type: 'VerifiableCredential' }],
    ['a list of types', { type: ['GradecertBatchStatement'] }],
    ['another version', { version: 2 }],
    ['an issuer that is none', { issuer: 'agency' }],
    ['another tree', { tree: 'sha256' }],
    ['no certificate', { size: 0 }],
    ['half a certificate', { size: 1.5 }],
    ['a size in words', { size: '3' }],
    ['a short commitment', { commitment: 'sha-256:BwcHBwcH' }],
    [
      'a commitment in another spelling',
      { commitment: 'sha-256:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=' },
    ],
    ['a commitment by another name', { commitment: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc' }],
    ['more than that', { note: 'all but one' }],
  ])('with %s is none', (_what, change) => {
    expect(readStatement({ ...document, ...change })).toBeNull()
  })
})
