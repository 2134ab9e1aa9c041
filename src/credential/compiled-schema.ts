/**
 * JSON Schema as a tree of functions: our own schema is asked of every certificate, and a validator that reads the schema
 * anew each time costs ten times a signature. Only the keywords that our schema has, with the meaning of draft 2019-09;
 * another keyword is refused when the schema is compiled. The answer is yes or no: why not, the validator says.
 */
import { remember } from '../base/fixed.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { firstDifference } from './difference.ts'

export type Holds = (instance: Json) => boolean

/** @throws TypeError for a schema with a keyword that is not in the table below */
export function compileSchema(schema: JsonObject): Holds {
  const compiled = new Map<string, Holds>()
  const compile: Compile = (part) => {
    const checks = Object.keys(part).flatMap((keyword) => {
      if (annotations.has(keyword)) return []
      const row = keywords[keyword]
      if (row === undefined) throw new TypeError(`no keyword of ours: ${keyword}`)
      const check = row(part, compile, refer)
      return check === null ? [] : [check]
    })
    return (instance) => {
      for (const check of checks) if (!check(instance)) return false
      return true
    }
  }
  /** Compiled when first met, and looked up when asked: a definition may lead to itself. */
  const refer: Refer = (pointer) => {
    const name = pointer.replace(/^#\/\$defs\//, '')
    const definition = isObject(schema.$defs) ? schema.$defs[name] : undefined
    if (!isObject(definition)) throw new TypeError(`no definition: ${pointer}`)
    if (!compiled.has(name)) {
      compiled.set(name, (instance) => compiled.get(name)?.(instance) ?? false)
      compiled.set(name, compile(definition))
    }
    const ofObject = remember((instance: object) => (compiled.get(name) as Holds)(instance as JsonObject))
    return (instance) => (isObject(instance) ? ofObject(instance) : (compiled.get(name) as Holds)(instance))
  }
  return compile(schema)
}

type Compile = (part: JsonObject) => Holds
type Refer = (pointer: string) => Holds

/** What a keyword asks, given the schema that it stands in; `null` where another keyword beside it asks it. */
type Row = (part: JsonObject, compile: Compile, refer: Refer) => Holds | null

const annotations: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', 'title', 'description'])

const ofObject =
  (check: (instance: JsonObject) => boolean): Holds =>
  (instance) =>
    !isObject(instance) || check(instance)
const ofList =
  (check: (instance: readonly Json[]) => boolean): Holds =>
  (instance) =>
    !Array.isArray(instance) || check(instance)
const ofText =
  (check: (instance: string) => boolean): Holds =>
  (instance) =>
    typeof instance !== 'string' || check(instance)

const oneOf = (values: readonly Json[]): Holds =>
  values.every((value) => typeof value !== 'object')
    ? (instance) => values.some((value) => value === instance)
    : (instance) => values.some((value) => firstDifference(value, instance) === null)

const keywords: Readonly<Record<string, Row>> = {
  type: ({ type }) => {
    const ways = asList(type).map((name) => {
      const isOf = types[name as string]
      if (isOf === undefined) throw new TypeError(`no type of ours: ${name}`)
      return isOf
    })
    return (instance) => ways.some((isOf) => isOf(instance))
  },
  const: ({ const: value }) => oneOf([value as Json]),
  enum: ({ enum: values }) => oneOf(values as readonly Json[]),
  minLength: ({ minLength }) => ofText((text) => lengthOf(text) >= (minLength as number)),
  maxLength: ({ maxLength }) => ofText((text) => lengthOf(text) <= (maxLength as number)),
  pattern: ({ pattern }) => {
    const expression = new RegExp(pattern as string, 'u')
    return ofText((text) => expression.test(text))
  },
  minimum:
    ({ minimum }) =>
    (instance) =>
      typeof instance !== 'number' || instance >= (minimum as number),
  minItems: ({ minItems }) => ofList(({ length }) => length >= (minItems as number)),
  maxItems: ({ maxItems }) => ofList(({ length }) => length <= (maxItems as number)),
  items: ({ items }, compile) => {
    if (!Array.isArray(items)) {
      const each = compile(items as JsonObject)
      return ofList((list) => list.every((item) => each(item)))
    }
    const places = items.map((item) => compile(item as JsonObject))
    return ofList((list) => places.every((holds, i) => i >= list.length || holds(list[i] as Json)))
  },
  required: ({ required }) => {
    const names = required as readonly string[]
    return ofObject((object) => names.every((name) => Object.hasOwn(object, name)))
  },
  properties: ({ properties, additionalProperties }, compile) => {
    const members = new Map(
      Object.entries(properties as JsonObject).map(([name, part]) => [name, compile(part as JsonObject)]),
    )
    const isClosed = additionalProperties === false
    return ofObject((object) => {
      for (const name of Object.keys(object)) {
        const holds = members.get(name)
        if (holds === undefined ? isClosed : !holds(object[name] as Json)) return false
      }
      return true
    })
  },
  additionalProperties: ({ additionalProperties, properties }) => {
    if (additionalProperties !== false || properties === undefined)
      throw new TypeError('additionalProperties other than false beside properties')
    return null // asked where the names are gone through
  },
  anyOf: ({ anyOf }, compile) => {
    const ways = (anyOf as readonly JsonObject[]).map(compile)
    return (instance) => ways.some((holds) => holds(instance))
  },
  if: ({ if: condition, then: consequence }, compile) => {
    const [applies, holds] = [compile(condition as JsonObject), compile(consequence as JsonObject)]
    return (instance) => !applies(instance) || holds(instance)
  },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema; nobody awaits this table
  then: ({ if: condition }) => {
    if (condition === undefined) throw new TypeError('then without if')
    return null
  },
  $ref: ({ $ref }, _compile, refer) => refer($ref as string),
}

const types: Readonly<Record<string, Holds>> = {
  object: isObject,
  array: (instance) => Array.isArray(instance),
  string: (instance) => typeof instance === 'string',
  integer: (instance) => Number.isInteger(instance),
}

/** Characters, not halves of them; most texts have no halves. */
function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) length--
  }
  return length
}
