/**
 * What is known of a holder and never public. It stands in an SD-JWT only, each value behind a digest of its own, and is
 * never written to a log or an error.
 */
import * as z from 'zod/mini'
import { fromBase64 } from '../base/bytes.ts'
import type { CalendarDate } from '../base/instant.ts'
import { daySchema } from './certificate.ts'

/** Types of ID document. */
export const idTypeCodes = [
  'resident-id',
  'hmt-residence-permit',
  'foreign-permanent-residence',
  'passport',
  'hm-travel-permit',
  'tw-travel-permit',
] as const
export type IdType = (typeof idTypeCodes)[number]

export interface Holder {
  readonly idType?: IdType | undefined
  /** Capital letters and digits, as printed. */
  readonly idNumber?: string | undefined
  readonly birthDate?: CalendarDate | undefined
  /** A `data:` URL of a JPEG, 20 KiB at most. */
  readonly portrait?: string | undefined
}

/** Bytes of a portrait. */
export const portraitLimit = 20_480

const portraitPrefix = 'data:image/jpeg;base64,'

export const idNumberSchema = z.string().check(z.regex(/^(?=.*\d)[A-Z0-9]{5,18}$/, 'not an ID number'))
export const portraitSchema = z
  .string()
  .check(z.refine(isPortrait, `not a JPEG of at most ${portraitLimit} bytes in a data URL`))

const members = z.strictObject({
  idType: z.optional(z.enum(idTypeCodes)),
  idNumber: z.optional(idNumberSchema),
  birthDate: z.optional(daySchema),
  portrait: z.optional(portraitSchema),
})

/** A number without its type says too little, a type without number nothing. */
export const holderSchema: z.ZodMiniType<Holder> = members.check(
  z.refine(
    ({ idType, idNumber }) => (idType === undefined) === (idNumber === undefined),
    'an ID number and its type go together',
  ),
)

/** Bytes FF D8 FF start a JPEG. */
function isPortrait(text: string): boolean {
  if (
    !text.startsWith(portraitPrefix) ||
    text.length > portraitPrefix.length + 4 * Math.ceil(portraitLimit / 3)
  ) {
    return false
  }
  const bytes = fromBase64(text.slice(portraitPrefix.length))
  return (
    bytes !== null &&
    bytes.length <= portraitLimit &&
    [0xff, 0xd8, 0xff].every((byte, i) => bytes[i] === byte)
  )
}
