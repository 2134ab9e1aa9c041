import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/base/did-url.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { keyDocument } from '../../src/did/key.ts'
import { type Resolution, resolveDid } from '../../src/did/resolve.ts'

const key: Did = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const web: Did = 'did:web:agency.example'
const gathered = new Map<string, JsonObject>([
  [web, { id: web }],
  [key, { id: key, forged: true }],
  ['did:jwk:abc', { id: 'did:jwk:abc' }],
])

describe('resolution', () => {
  test.each<[did: Did, result: Resolution]>([
    [key, { ok: true, document: keyDocument(key) as JsonObject, proven: 'self' }],
    [web, { ok: true, document: { id: web }, proven: 'gathered' }],
    ['did:web:other.example', { ok: false, fault: 'did_not_at_hand' }],
    ['did:web:Agency.example', { ok: false, fault: 'did_not_at_hand' }],
    ['did:key:z6Mk', { ok: false, fault: 'did_malformed' }],
    ['did:key:1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', { ok: false, fault: 'did_malformed' }],
    ['did:jwk:abc', { ok: false, fault: 'did_malformed' }],
    ['did:webvh:abc:agency.example', { ok: false, fault: 'did_method_unknown' }],
    ['did:constructor:abc', { ok: false, fault: 'did_method_unknown' }],
  ])('of %s', async (did, result) => {
    expect(await resolveDid(did, gathered)).toEqual(result)
  })
})
