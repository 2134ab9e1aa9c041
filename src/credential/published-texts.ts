/** The texts of our own context and schema as `publish` writes them: canonical JSON, so that their bytes have the digests by which they are known. */
import { canonicalJson } from '../base/canonical.ts'
import type { Json } from '../base/json.ts'
import contextV1 from './data/context-v1.json' with { type: 'json' }
import schemaV1 from './data/grade-certificate-schema-v1.json' with { type: 'json' }

export const contextV1Text = (): string => canonicalJson(contextV1 as Json)

export const gradeCertificateSchemaText = (): string => canonicalJson(schemaV1 as Json)
