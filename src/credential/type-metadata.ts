/** Type metadata of SD-JWT VC: what a wallet shows for a grade certificate, and what can be read of such a document. */
import * as z from 'zod/mini'
import { type Bytes, equalBytes, fromBase64, utf8 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { sha256 } from '../base/digest.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { sha384, sha512 } from '../base/sha512.ts'
import type { Labels } from '../certificate/labels.ts'
import { type DisclosableClaim, disclosableClaims, gradeCertificateVct } from './claims.ts'

/** The document for our type, as `publish` writes it: canonical JSON, so that its bytes have the digest below. */
export const typeMetadataText = (): string => canonicalJson(typeMetadata())
/** Subresource Integrity of that text, for the claim `vct#integrity`. A test recomputes it. */
export const typeMetadataIntegrity = 'sha256-SG/1ebVNdWD6t/D+Qpe/EaRlppB6Rin2JZh+s4loz5E='

function typeMetadata(): JsonObject {
  return {
    vct: gradeCertificateVct,
    name: `${title['zh-Hans']} / ${title.en}`,
    description: `${description['zh-Hans']} ${description.en}`,
    display: locales.map((locale) => ({ locale, name: title[locale], description: description[locale] })),
    claims: Object.entries(claimTexts).map(([name, { zh, en, mandatory = false }]) => ({
      path: [name],
      display: [
        { locale: 'zh-Hans', label: zh },
        { locale: 'en', label: en },
      ],
      sd: (disclosableClaims as readonly string[]).includes(name) ? 'always' : 'never',
      mandatory,
    })),
  }
}

const locales = ['zh-Hans', 'en'] as const

const title = {
  'zh-Hans': '专业技术等级证书',
  en: 'Professional Technical Grade Certificate',
} as const satisfies Labels

const description = {
  'zh-Hans': '数字技术工程师培育项目考核合格者的专业技术等级证书，共初级、中级、高级三个等级。',
  en: 'Issued to those who passed the assessment of a digital technology engineer; junior, intermediate or senior, 1 to 3 of 3.',
} as const satisfies Labels

interface ClaimText {
  readonly zh: string
  readonly en: string
  /** Whether every certificate has it; a holder may still keep it back. */
  readonly mandatory?: true
}

type OpenClaim =
  | 'iss'
  | 'iat'
  | 'nbf'
  | 'exp'
  | 'jti'
  | 'agency'
  | 'certificate_number'
  | 'occupation'
  | 'direction'
  | 'grade'
  | 'award_date'
  | 'region'
  | 'replaces'
  | 'upgrade_of'
  | 'status'
  | 'cnf'

const claimTexts: Readonly<Record<OpenClaim | DisclosableClaim, ClaimText>> = {
  name: { zh: '姓名', en: 'Name', mandatory: true },
  romanised_name: { zh: '姓名（拉丁字母）', en: 'Name in Latin letters' },
  id_type: { zh: '证件类型', en: 'Type of ID document' },
  id_number: { zh: '证件号码', en: 'ID number' },
  birth_date: { zh: '出生日期', en: 'Date of birth' },
  portrait: { zh: '照片', en: 'Portrait' },
  certificate_number: { zh: '证书编号', en: 'Certificate number', mandatory: true },
  occupation: { zh: '职业', en: 'Occupation', mandatory: true },
  direction: { zh: '职业方向', en: 'Direction' },
  grade: { zh: '专业技术等级', en: 'Grade', mandatory: true },
  award_date: { zh: '发证日期', en: 'Date of award', mandatory: true },
  theory_score: { zh: '理论成绩（百分制）', en: 'Theory, points out of 100' },
  practice_score: { zh: '专业能力成绩（百分制）', en: 'Professional ability, points out of 100' },
  training_hours: { zh: '培训学时（标准学时）', en: 'Training hours of 45 minutes' },
  training_provider: { zh: '培训机构', en: 'Training provider' },
  assessment_site: { zh: '考核站点', en: 'Assessment site' },
  region: { zh: '地区', en: 'Region' },
  agency: { zh: '评价机构', en: 'Evaluation agency', mandatory: true },
  replaces: { zh: '所更正的证书', en: 'Certificate that this one corrects' },
  upgrade_of: { zh: '下一等级证书', en: 'Certificate of the next lower grade' },
  iss: { zh: '签发者标识', en: 'Issuer', mandatory: true },
  iat: { zh: '签发时间', en: 'Signed at', mandatory: true },
  nbf: { zh: '有效期起始', en: 'Valid from', mandatory: true },
  exp: { zh: '有效期截止', en: 'Valid until' },
  jti: { zh: '凭证标识', en: 'Credential id', mandatory: true },
  status: { zh: '证书状态', en: 'Status' },
  cnf: { zh: '持有人密钥', en: "Holder's key" },
}

export interface TypeMetadata {
  readonly vct: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly display?:
    | readonly {
        readonly locale: string
        readonly name: string
        readonly description?: string | undefined
      }[]
    | undefined
  readonly claims?:
    | readonly {
        /** Names, positions, and `null` for every element of an array. */
        readonly path: readonly (string | number | null)[]
        readonly display?: readonly { readonly locale: string; readonly label: string }[] | undefined
        readonly sd?: 'always' | 'allowed' | 'never' | undefined
        readonly mandatory?: boolean | undefined
      }[]
    | undefined
}

export type TypeMetadataFault =
  | 'type_metadata_malformed'
  | 'type_metadata_of_another'
  | 'type_metadata_altered'
  /** Built upon another type: not followed, so no chain can be long or go round. */
  | 'type_metadata_extends'

export type TypeMetadataReading =
  | { readonly ok: true; readonly metadata: TypeMetadata }
  | { readonly ok: false; readonly fault: TypeMetadataFault; readonly detail: string }

export interface TypeMetadataDemand {
  /** The type that the credential names. */
  readonly vct: string
  /** Its `vct#integrity`, where it has one. */
  readonly integrity?: string | undefined
}

/** Reads a document for a type. Texts in it are a stranger's: they are shown as text, never as markup. */
export function readTypeMetadata(text: string, { vct, integrity }: TypeMetadataDemand): TypeMetadataReading {
  const refuse = (fault: TypeMetadataFault, detail: string): TypeMetadataReading => ({
    ok: false,
    fault,
    detail,
  })
  const parsed = parseJson(text, { maxBytes: 262_144 })
  if (!parsed.ok) return refuse('type_metadata_malformed', parsed.detail)
  if (integrity !== undefined && !hasIntegrity(utf8(text), integrity)) {
    return refuse('type_metadata_altered', integrity.slice(0, 200))
  }
  const read = metadataSchema.safeParse(parsed.value)
  if (!read.success) {
    const where = (read.error.issues[0]?.path ?? []).map((step) => `/${String(step)}`).join('')
    return refuse('type_metadata_malformed', where)
  }
  if (read.data.vct !== vct) return refuse('type_metadata_of_another', read.data.vct)
  if (Object.hasOwn(parsed.value as JsonObject, 'extends')) return refuse('type_metadata_extends', vct)
  return { ok: true, metadata: read.data }
}

const line = z.string().check(z.minLength(1), z.maxLength(1_000))
const metadataSchema: z.ZodMiniType<TypeMetadata> = z.object({
  vct: z.string().check(z.minLength(1), z.maxLength(4_096)),
  name: z.optional(line),
  description: z.optional(line),
  display: z.optional(
    z
      .array(z.object({ locale: line, name: line, description: z.optional(line) }))
      .check(z.minLength(1), z.maxLength(64)),
  ),
  claims: z.optional(
    z
      .array(
        z.object({
          path: z
            .array(z.union([z.string(), z.int().check(z.gte(0)), z.null()]))
            .check(z.minLength(1), z.maxLength(64)),
          display: z.optional(z.array(z.object({ locale: line, label: line })).check(z.maxLength(64))),
          sd: z.optional(z.enum(['always', 'allowed', 'never'])),
          mandatory: z.optional(z.boolean()),
        }),
      )
      .check(z.maxLength(256)),
  ),
})

/** Strongest first. */
const integrityHashes: readonly (readonly [prefix: string, hash: (data: Bytes) => Bytes])[] = [
  ['sha512-', sha512],
  ['sha384-', sha384],
  ['sha256-', sha256],
]

/** Subresource Integrity, section 3.3: of several digests those of the strongest hash count, and one of them has to match. */
function hasIntegrity(data: Bytes, integrity: string): boolean {
  const digests = integrity.split(/\s+/, 16)
  const strongest = integrityHashes.find(([prefix]) => digests.some((one) => one.startsWith(prefix)))
  // A digest by a hash that we do not know vouches for nothing.
  if (strongest === undefined) return false
  const [prefix, hash] = strongest
  return digests.some((one) => {
    const expected = one.startsWith(prefix) ? fromBase64(one.slice(prefix.length)) : null
    return expected !== null && equalBytes(expected, hash(data))
  })
}

/** Claims as a holder showed them. */
export interface ShownClaims {
  readonly claims: JsonObject
  /** JSON Pointers of what a disclosure brought. */
  readonly disclosed: readonly string[]
  /** Whether digests remain behind which claims may be hidden. */
  readonly isPartial: boolean
}

/**
 * The first claim that is not as the type says: kept back where it must not be, open where it must not be, or absent
 * though mandatory. What may be hidden and was not shown is no fault. Paths into arrays are not judged, since hidden
 * elements leave no place.
 */
export function typeMetadataFault(
  { claims: rules = [] }: TypeMetadata,
  { claims, disclosed, isPartial }: ShownClaims,
): {
  readonly path: readonly string[]
  readonly problem: 'disclosable' | 'not_disclosable' | 'missing'
} | null {
  const shown = new Set(disclosed)
  for (const { path, sd = 'allowed', mandatory = false } of rules) {
    if (!path.every((step) => typeof step === 'string')) continue
    const isDisclosed = shown.has(pointerOf(path))
    const stands = isThere(claims, path)
    if (sd === 'never' && isDisclosed) return { path, problem: 'disclosable' }
    if (sd === 'always' && stands && !isDisclosed) return { path, problem: 'not_disclosable' }
    const mayBeHidden = sd !== 'never' && isPartial
    if (mandatory && !stands && !mayBeHidden) return { path, problem: 'missing' }
  }
  return null
}

/** RFC 6901, section 3. */
const pointerOf = (path: readonly string[]): string =>
  path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function isThere(claims: JsonObject, path: readonly string[]): boolean {
  let found: Json | undefined = claims
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return false
    found = found[name]
  }
  return true
}
