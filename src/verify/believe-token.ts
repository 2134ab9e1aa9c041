/** A Token Status List that is its issuer's. */
import { sha256Hex } from '../base/digest.ts'
import { verifyJws } from '../securing/jws.ts'
import { lastSecond } from '../securing/jwt.ts'
import { tokenSubject } from '../securing/subject.ts'
import { decodeStatuses, openTokenStatusList, tokenStatusAt } from '../status/token-status-list.ts'
import { type Believe, isInForce, remembered } from './believe.ts'
import { tokenPurpose } from './inputs.ts'
import { issuerKey } from './issuer.ts'

/** A list in a token, `{ id, token }`. */
export const believeTokenList: Believe = async ({ id, token }, allowed, inputs) => {
  const opening = typeof token === 'string' ? openTokenStatusList(token) : null
  if (!opening?.ok || opening.list.uri !== id) return null
  const { list, jws, key } = opening
  // `iss` may be left out; the key then says whose it is.
  const author = allowed.find((one) => one === (list.issuer ?? authorOf(key)))
  if (author === undefined) return null
  const found = await issuerKey(author, key, inputs)
  const validFrom = list.iat * 1000
  let isSigned = false
  for (const vouched of found.ok ? found.candidates : []) {
    const { thumbprint } = vouched
    isSigned ||=
      (await verifyJws(jws, vouched.key)) === 'good' &&
      (await isInForce({ thumbprint, validFrom, subject: () => tokenSubject(jws) }, author, inputs))
  }
  if (!isSigned) return null
  const ends = [
    list.exp === undefined ? undefined : lastSecond(list.exp),
    list.ttl === undefined ? undefined : list.iat + list.ttl,
  ]
  const end = Math.min(...ends.filter((one) => one !== undefined))
  const expanded = remembered(() => {
    const unpacked = decodeStatuses(list.lst, list.bits)
    return unpacked.ok ? unpacked.statuses.bytes : unpacked.fault
  }, inputs)
  return {
    id: list.uri,
    purposes: [tokenPurpose],
    validFrom,
    validUntil: Number.isFinite(end) ? end * 1000 : null,
    digest: sha256Hex(String(token)),
    packed: list.lst,
    valueAt(index) {
      const bytes = expanded()
      return typeof bytes === 'string' ? { fault: bytes } : tokenStatusAt({ bits: list.bits, bytes }, index)
    },
  }
}

const authorOf = (key: Parameters<typeof issuerKey>[1]): string | undefined =>
  key.by === 'method' ? key.url.split('#')[0] : undefined
