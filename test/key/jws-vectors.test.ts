/** Wycheproof's JSON Web Signatures: keys as JWK and raw signatures, together. */
import { describe, expect, test } from 'vitest'
import { fromBase64url, utf8 } from '../../src/base/bytes.ts'
import { parseJson } from '../../src/base/json.ts'
import { jwsNames } from '../../src/key/algorithm.ts'
import { fromJwk, type PublicKey, verifySignature } from '../../src/key/public-key.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

/** Their payloads are no JSON objects, so the parts of a token are taken as they stand. */
async function isGood(jws: string, key: PublicKey): Promise<boolean> {
  const [header = '-', payload, signature = '-', ...more] = jws.split('.')
  const bytes = fromBase64url(signature)
  const said = parseJson(fromBase64url(header) ?? '')
  if (bytes === null || !said.ok || payload === undefined || more.length > 0) return false
  const { alg } = said.value as { readonly alg?: string }
  return (
    jwsNames(key.algorithm).includes(alg ?? '') &&
    (await verifySignature(key, utf8(`${header}.${payload}`), bytes))
  )
}

describe.skipIf(!sharedIsHere)('published vectors of JWS', () => {
  test.each(['RS256', 'ES256'])('every case of %s has the expected answer', async (alg) => {
    const { testGroups } = sharedJson('vectors/jws/json_web_signature_test.json')
    const wrong: unknown[] = []
    let count = 0
    for (const group of testGroups) {
      if (group.public?.alg !== alg) continue
      const key = fromJwk(group.public)
      for (const { tcId, jws, result, comment } of group.tests) {
        count++
        const good = key !== null && typeof jws === 'string' && (await isGood(jws, key))
        if (good !== (result === 'valid')) wrong.push([tcId, comment, result])
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(0)
  })
})
