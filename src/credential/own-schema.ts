/** Our own schema, compiled once. Loaded when the first certificate of a grade is judged. */
import type { Json, JsonObject } from '../base/json.ts'
import { compileSchema } from './compiled-schema.ts'
import ownSchema from './data/grade-certificate-schema-v1.json' with { type: 'json' }

export const schema = ownSchema as Json

export const holdsToOwnSchema = compileSchema(ownSchema as JsonObject)
