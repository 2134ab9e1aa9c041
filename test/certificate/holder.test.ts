import { describe, expect, test } from 'vitest'
import { holderSchema, portraitLimit } from '../../src/certificate/holder.ts'

const jpeg = (bytes: number): string =>
  `data:image/jpeg;base64,${Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(bytes - 3)]).toString('base64')}`

describe('what is known of a holder', () => {
  test.each<[what: string, holder: object]>([
    ['nothing', {}],
    ['a resident', { idType: 'resident-id', idNumber: '11010119900307857X', birthDate: '1990-03-07' }],
    ['a passport', { idType: 'passport', idNumber: 'E12345678' }],
    ['a portrait of 20 KiB', { portrait: jpeg(portraitLimit) }],
  ])('%s', (_what, holder) => {
    expect(holderSchema.safeParse(holder)).toEqual({ success: true, data: holder })
  })

  test.each<[what: string, holder: object]>([
    ['a number without its type', { idNumber: 'E12345678' }],
    ['a type without its number', { idType: 'passport' }],
    ['an unknown type', { idType: 'cn.resident', idNumber: 'E12345678' }],
    ['a number in small letters', { idType: 'resident-id', idNumber: '11010119900307857x' }],
    ['a number with spaces', { idType: 'passport', idNumber: 'E 12345678' }],
    ['letters alone', { idType: 'passport', idNumber: 'EABCDEFGH' }],
    ['a day that does not exist', { birthDate: '1990-02-30' }],
    ['a portrait above 20 KiB', { portrait: jpeg(portraitLimit + 1) }],
    ['a portrait far above 20 KiB', { portrait: jpeg(2 * portraitLimit) }],
    ['a portrait that is no JPEG', { portrait: 'data:image/jpeg;base64,AAAA' }],
    ['a portrait of another type', { portrait: jpeg(3).replace('jpeg', 'svg+xml') }],
    ['base64 that is none', { portrait: 'data:image/jpeg;base64,/9j/*' }],
    ['anything else', { phone: '13800000000' }],
  ])('%s is refused', (_what, holder) => {
    expect(holderSchema.safeParse(holder).success).toBe(false)
  })
})
