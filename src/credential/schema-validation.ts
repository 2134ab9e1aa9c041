/**
 * JSON Schema validation of a stranger's schema within bounds. The only file that imports `@cfworker/json-schema`, and
 * loaded when first needed. The validator never sees the schema as it came: it sees a copy with the keywords we know.
 */
import { type Schema, Validator } from '@cfworker/json-schema'
import { isUrl } from '../base/did-url.ts'
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { patternCost } from './pattern.ts'

export type SchemaOutcome =
  | { readonly outcome: 'success' }
  /** `pointer` is a JSON Pointer into the instance. */
  | { readonly outcome: 'failure'; readonly pointer: string; readonly problem: string }
  | { readonly outcome: 'indeterminate'; readonly reason: SchemaDoubt; readonly detail: string }

/** Why a schema says nothing about an instance. */
export type SchemaDoubt =
  /** `$schema` is absent, or names no draft of 2019-09 or 2020-12. */
  | 'schema_draft_unknown'
  /** `$id` is absent or no absolute URL. */
  | 'schema_id_missing'
  | 'schema_malformed'
  /** A `$ref` that leads out of the document. */
  | 'schema_reference_remote'
  /** A keyword whose meaning depends on how it was reached, or an id inside the document. */
  | 'schema_keyword_unsupported'
  | 'schema_pattern_refused'
  | 'schema_too_much_work'

/** Subschemas of one schema, and how deep they stand inside each other. */
const maxSubschemas = 5_000
const maxDepth = 64
/** Evaluations of subschemas, each weighed by how much it says and by the widest object, list and text of the instance. */
const maxWork = 2 ** 27
/** What an evaluation costs that compares nothing: about a microsecond, where a step takes nanoseconds. */
const oneEvaluation = 512
/** Steps that one pattern may take on the longest text. */
const maxPatternSteps = 2 ** 24
/** Items of a list where the schema asks for unique ones: they are compared pair by pair. */
const maxUniqueItems = 1_000

/** Whether an instance holds to a schema of draft 2019-09 or 2020-12. `format` is asserted where that is bounded. */
export function validateWithin(schema: Json, instance: Json): SchemaOutcome {
  if (!isObject(schema)) return doubt('schema_malformed', 'not an object')
  const draft = typeof schema.$schema === 'string' ? drafts[schema.$schema.replace(/#$/, '')] : undefined
  if (draft === undefined) return doubt('schema_draft_unknown', brief(schema.$schema))
  if (!isUrl(schema.$id) || /#./.test(schema.$id)) return doubt('schema_id_missing', brief(schema.$id))
  const size = measure(instance)
  const copying: Copying = {
    id: schema.$id.replace(/#$/, ''),
    draft,
    size,
    subschemas: 0,
    work: 0,
    found: null,
  }
  const copy = copySchema(schema, copying, '', 0)
  if (copying.found !== null) return copying.found
  try {
    const validator = new Validator(copy as Schema, draft, true)
    const { valid, errors } = validator.validate(instance)
    if (valid) return { outcome: 'success' }
    const innermost = errors.at(-1)
    return {
      outcome: 'failure',
      pointer: decodeURI((innermost?.instanceLocation ?? '').replace(/^#/, '')),
      problem: (innermost?.error ?? 'does not hold').slice(0, 300),
    }
  } catch (error) {
    if (error === outOfWork || error instanceof RangeError) return doubt('schema_too_much_work', 'evaluation')
    // What is left that the validator throws on: a reference to a part of the document that is not there.
    return doubt('schema_malformed', 'a reference to nothing')
  }
}

type Draft = '2019-09' | '2020-12'

const drafts: Readonly<Record<string, Draft>> = {
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
}

type Doubt = Extract<SchemaOutcome, { outcome: 'indeterminate' }>

const doubt = (reason: SchemaDoubt, detail: string): Doubt => ({ outcome: 'indeterminate', reason, detail })

const brief = (value: Json | undefined): string => (JSON.stringify(value) ?? 'nothing').slice(0, 100)

interface Size {
  /** Characters of the longest text or name. */
  readonly longestText: number
  /** Members of the widest object or items of the longest list. */
  readonly widest: number
}

function measure(instance: Json): Size {
  let longestText = 1
  let widest = 1
  const rest: Json[] = [instance]
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value === 'string') longestText = Math.max(longestText, value.length)
    if (typeof value !== 'object' || value === null) continue
    const members = Object.values(value) as readonly Json[]
    widest = Math.max(widest, members.length)
    for (const member of members) rest.push(member)
    if (isObject(value))
      for (const name of Object.keys(value)) longestText = Math.max(longestText, name.length)
  }
  return { longestText, widest }
}

interface Copying {
  readonly id: string
  readonly draft: Draft
  readonly size: Size
  subschemas: number
  /** Spent while the validator runs. */
  work: number
  found: Doubt | null
}

const outOfWork = new Error('too much work')

function copySchema(schema: Json, copying: Copying, pointer: string, depth: number): Schema | boolean {
  if (typeof schema === 'boolean') return schema
  if (copying.found !== null) return false
  if (!isObject(schema)) return stop(copying, 'schema_malformed', `${pointer} is no schema`)
  if (depth > maxDepth || ++copying.subschemas > maxSubschemas) {
    return stop(copying, 'schema_too_much_work', 'too many or too deep subschemas')
  }
  const copy: Record<string, unknown> = {}
  let said = 1
  let steps = 0
  for (const [name, value] of Object.entries(schema)) {
    const keyword = Object.hasOwn(keywords, name) ? keywords[name] : undefined
    if (keyword === undefined) continue
    if (keyword.only !== undefined && keyword.only !== copying.draft) continue
    const at = `${pointer}/${name}`
    const refusal = depth === 0 && name === '$id' ? null : keyword.refuses(value, copying)
    if (refusal !== null) return stop(copying, refusal, `${at}: ${brief(value)}`)
    copy[name] = keyword.copy?.(value, copying, at, depth + 1) ?? value
    said += keyword.copy === undefined ? countOf(value) : Object.keys(value as object).length
    steps += keyword.steps?.(value, copying.size) ?? 0
  }
  if (copying.found !== null) return false
  // The validator reads every keyword that it knows at each evaluation. `dependencies` is none of these drafts', so
  // here it counts.
  const weight = oneEvaluation + said * copying.size.widest + steps
  Object.defineProperty(copy, 'dependencies', {
    enumerable: false,
    get() {
      copying.work += weight
      if (copying.work > maxWork) throw outOfWork
      return undefined
    },
  })
  return copy as Schema
}

function stop(copying: Copying, reason: SchemaDoubt, detail: string): false {
  copying.found ??= doubt(reason, detail.slice(0, 300))
  return false
}

/** JSON values in a value. */
const countOf = (value: Json): number =>
  typeof value !== 'object' || value === null
    ? 1
    : (Object.values(value) as readonly Json[]).reduce((sum: number, member) => sum + countOf(member), 1)

interface Keyword {
  /** Why its value is not accepted. */
  readonly refuses: (value: Json, copying: Copying) => SchemaDoubt | null
  /** How subschemas in it are copied; a value without any stays as it is. */
  readonly copy?: (value: Json, copying: Copying, pointer: string, depth: number) => unknown
  /** What one evaluation costs beside looking at each member or item once. */
  readonly steps?: (value: Json, size: Size) => number
  /** The draft that has it, where the other has not. */
  readonly only?: Draft
}

const unless =
  (holds: (value: Json) => boolean): Keyword['refuses'] =>
  (value) =>
    holds(value) ? null : 'schema_malformed'

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isTextList = (value: Json): boolean => isList(value) && value.every((item) => typeof item === 'string')

const one: Keyword = { refuses: () => null, copy: copySchema }
const list: Keyword = {
  refuses: unless((value) => isList(value) && value.length > 0),
  copy: (value, copying, pointer, depth) =>
    (value as readonly Json[]).map((item, i) => copySchema(item, copying, `${pointer}/${i}`, depth)),
}
const named: Keyword = {
  refuses: unless(isObject),
  copy: (value, copying, pointer, depth) =>
    Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, schema]) => [
        name,
        copySchema(schema, copying, `${pointer}/${name}`, depth),
      ]),
    ),
}
const namedByPattern: Keyword = {
  ...named,
  refuses: (value, { size }) =>
    isObject(value) ? firstRefusal(Object.keys(value), size) : 'schema_malformed',
  steps: (value, size) => size.widest * stepsOf(Object.keys(value as JsonObject), size),
}
const oneOrList: Keyword = {
  refuses: (value, { draft }) => (isList(value) && draft !== '2019-09' ? 'schema_malformed' : null),
  copy: (value, copying, pointer, depth) =>
    isList(value)
      ? value.map((item, i) => copySchema(item, copying, `${pointer}/${i}`, depth))
      : copySchema(value, copying, pointer, depth),
}
const count: Keyword = { refuses: unless((value) => Number.isSafeInteger(value) && (value as number) >= 0) }
/** Going through a text once is far quicker than evaluating a subschema. */
const oneLook = (_value: Json, { longestText }: Size): number => longestText / 16
const length: Keyword = { ...count, steps: oneLook }
const number: Keyword = { refuses: unless((value) => typeof value === 'number') }
const text: Keyword = { refuses: unless((value) => typeof value === 'string') }
const texts: Keyword = { refuses: unless(isTextList) }
const dynamic: Keyword = { refuses: () => 'schema_keyword_unsupported' }

/** Formats that the validator checks in time that grows with the text; others are annotations, as the drafts allow. */
const boundedFormats: ReadonlySet<Json> = new Set([
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uuid',
  'json-pointer',
])

const types: ReadonlySet<Json> = new Set([
  'null',
  'boolean',
  'object',
  'array',
  'number',
  'integer',
  'string',
])

/** Every keyword that counts. Others are annotations, and left out. */
const keywords: Readonly<Record<string, Keyword>> = {
  $id: dynamic,
  $ref: {
    refuses: (value, { id }) =>
      typeof value !== 'string'
        ? 'schema_malformed'
        : value.startsWith('#') || value === id || value.startsWith(`${id}#`)
          ? null
          : 'schema_reference_remote',
  },
  $dynamicRef: { ...dynamic, only: '2020-12' },
  $recursiveRef: { ...dynamic, only: '2019-09' },
  $vocabulary: dynamic,
  $anchor: text,
  $defs: named,
  definitions: named,
  type: { refuses: unless((value) => (isList(value) ? value : [value]).every((name) => types.has(name))) },
  const: { refuses: () => null },
  enum: { refuses: unless(isList) },
  not: one,
  allOf: list,
  anyOf: list,
  oneOf: list,
  if: one,
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema; nobody awaits this table
  then: one,
  else: one,
  properties: named,
  patternProperties: namedByPattern,
  additionalProperties: one,
  unevaluatedProperties: one,
  propertyNames: one,
  dependentRequired: {
    refuses: unless((value) => isObject(value) && Object.values(value).every(isTextList)),
  },
  dependentSchemas: named,
  required: texts,
  minProperties: count,
  maxProperties: count,
  prefixItems: { ...list, only: '2020-12' },
  items: oneOrList,
  additionalItems: { ...one, only: '2019-09' },
  unevaluatedItems: one,
  contains: one,
  minContains: count,
  maxContains: count,
  minItems: count,
  maxItems: count,
  uniqueItems: {
    refuses: (value, { size }) =>
      typeof value !== 'boolean'
        ? 'schema_malformed'
        : value && size.widest > maxUniqueItems
          ? 'schema_too_much_work'
          : null,
  },
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: { refuses: unless((value) => typeof value === 'number' && value > 0) },
  minLength: length,
  maxLength: length,
  pattern: {
    refuses: (value, { size }) =>
      typeof value === 'string' ? firstRefusal([value], size) : 'schema_malformed',
    steps: (value, size) => stepsOf([value as string], size),
  },
  format: { ...text, steps: oneLook, copy: (value) => (boundedFormats.has(value) ? value : 'annotation') },
}

function firstRefusal(patterns: readonly string[], size: Size): SchemaDoubt | null {
  if (patterns.some((pattern) => 'refused' in patternCost(pattern))) return 'schema_pattern_refused'
  return stepsOf(patterns, size) > maxPatternSteps ? 'schema_too_much_work' : null
}

/** Steps that a search for each of these patterns takes in the longest text; a refused one counts for nothing. */
const stepsOf = (patterns: readonly string[], { longestText }: Size): number =>
  patterns.reduce((sum, pattern) => {
    const cost = patternCost(pattern)
    return 'refused' in cost ? sum : sum + cost.factor * longestText ** cost.degree
  }, 0)
