/**
 * The same content for libraries that know the data model 1.1 only: its context and its names of dates, without schemas and
 * without status, which one of them would fetch.
 */
import type { JsonObject } from '../../src/base/json.ts'

export function inputOf11({
  '@context': _,
  credentialSchema: __,
  credentialStatus: ___,
  supplementaryStatus: ____,
  validFrom,
  validUntil,
  ...rest
}: JsonObject): JsonObject {
  return {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    ...rest,
    issuanceDate: validFrom ?? null,
    ...(validUntil !== undefined && { expirationDate: validUntil }),
  }
}
