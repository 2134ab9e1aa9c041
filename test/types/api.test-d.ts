import { describe, expectTypeOf, test } from 'vitest'
import type { Json } from '../../src/base/json.ts'
import type { Certificate, Check, CheckId, Checks, DisclosedCertificate, Report } from '../../src/index.ts'
import { readBadge, verify } from '../../src/index.ts'
import type { Reasons } from '../../src/verify/report.ts'

/** Whether a type is `any`, or `any` stands anywhere in it. */
type IsAny<T> = 0 extends 1 & T ? true : false
type HasAny<T> =
  IsAny<T> extends true
    ? true
    : T extends string | number | boolean | bigint | symbol | null | undefined
      ? false
      : T extends readonly (infer Item)[]
        ? HasAny<Item>
        : T extends object
          ? true extends { [Member in keyof T]-?: HasAny<T[Member]> }[keyof T]
            ? true
            : false
          : false

/** Free JSON is recursive, so it is looked at by itself. */
type WithoutFacts<T> = T extends { readonly facts?: unknown } ? Omit<T, 'facts'> : T

declare const report: Report

describe('a report', () => {
  test('gives no certificate before its verdict was asked', () => {
    // @ts-expect-error: nobody has looked at the verdict
    void report.certificate
    if (report.verdict !== 'valid') {
      // @ts-expect-error: what is not valid is only claimed
      void report.certificate
      expectTypeOf(report.claimed).toEqualTypeOf<Certificate | DisclosedCertificate | undefined>()
    }
    if (report.verdict === 'undetermined') {
      // @ts-expect-error: what could not be found out is not valid
      void report.certificate
    }
  })

  test('gives the certificate once the verdict is valid, and then nothing that is only claimed', () => {
    if (report.verdict === 'valid') {
      expectTypeOf(report.certificate).toEqualTypeOf<Certificate | DisclosedCertificate>()
      // @ts-expect-error: a valid certificate is more than claimed
      void report.claimed
    }
  })

  test('has three verdicts', () => {
    expectTypeOf(report.verdict).toEqualTypeOf<'valid' | 'invalid' | 'undetermined'>()
  })

  test('cannot be edited', () => {
    // @ts-expect-error: each check writes its own entry, once
    report.checks.proof = { outcome: 'pass', facts: {} }
    // @ts-expect-error: the verdict follows from the checks
    report.verdict = 'valid'
  })

  test('has every check, and no other', () => {
    expectTypeOf<keyof Checks>().toEqualTypeOf<CheckId>()
    expectTypeOf<CheckId>().toEqualTypeOf<
      'format' | 'schema' | 'issuer' | 'proof' | 'validity' | 'status' | 'trust' | 'anchor' | 'policy'
    >()
  })

  test('gives reasons by check', () => {
    const { status, proof, anchor } = report.checks
    if (status.outcome === 'fail') {
      expectTypeOf(status.reason).toEqualTypeOf<Reasons['status']>()
      // @ts-expect-error: a reason of another check
      void (status.reason === 'signature_mismatch')
    }
    if (proof.outcome === 'unknown') {
      expectTypeOf(proof.reason).toEqualTypeOf<Reasons['proof']>()
      // @ts-expect-error: no reason that there is
      void (proof.reason === 'because')
    }
    if (anchor.outcome === 'skipped') {
      expectTypeOf(anchor.facts).toEqualTypeOf<Readonly<Record<string, Json>> | undefined>()
    }
    // @ts-expect-error: a check that passed has no reason
    if (status.outcome === 'pass') void status.reason
    expectTypeOf<Check<'status'>['outcome']>().toEqualTypeOf<'pass' | 'fail' | 'unknown' | 'skipped'>()
  })

  test('holds nothing that is not typed', () => {
    expectTypeOf<HasAny<{ a: readonly { b: unknown }[] }>>().toEqualTypeOf<false>()
    // biome-ignore lint/suspicious/noExplicitAny: that it is found is what is tested
    expectTypeOf<HasAny<{ a: readonly { b: any }[] }>>().toEqualTypeOf<true>()
    expectTypeOf<
      HasAny<Omit<Extract<Report, { verdict: 'valid' }>, 'checks' | 'certificate'>>
    >().toEqualTypeOf<false>()
    expectTypeOf<HasAny<{ [Id in CheckId]: WithoutFacts<Checks[Id]> }>>().toEqualTypeOf<false>()
    expectTypeOf<Extract<Check<'proof'>, { outcome: 'pass' }>['facts']>().toEqualTypeOf<
      Readonly<Record<string, Json>>
    >()
  })
})

describe('a certificate', () => {
  test('holds nothing that is not typed', () => {
    expectTypeOf<HasAny<Certificate>>().toEqualTypeOf<false>()
  })

  test('is told apart by its type', () => {
    const certificate = {} as Certificate
    // @ts-expect-error: a notice has no number
    void certificate.number
    if (certificate.type === 'ProfessionalTechnicalGradeCertificate') {
      expectTypeOf(certificate.number).toEqualTypeOf<string>()
    }
    if (certificate.type === 'AssessmentResultNotice') {
      expectTypeOf(certificate.outcome).toEqualTypeOf<'Failed' | 'OnHold'>()
    }
  })

  test('is not had from a badge that does not hold together', () => {
    const reading = readBadge({})
    // @ts-expect-error: it may be of none of our types
    void reading.certificate
    // @ts-expect-error: it may not hold together
    if (reading !== null) void reading.certificate
    if (reading?.ok) expectTypeOf(reading.certificate).toEqualTypeOf<Certificate>()
  })
})

describe('verify', () => {
  test('takes text or bytes, and answers with a report', () => {
    expectTypeOf(verify).parameter(0).toEqualTypeOf<string | Uint8Array<ArrayBuffer>>()
    expectTypeOf(verify).returns.resolves.toEqualTypeOf<Report>()
    // @ts-expect-error: a parsed object is not what was signed
    void verify({})
    // @ts-expect-error: the moment of a judgement is an instant, not any text
    void verify('', { now: 'yesterday' })
  })
})
