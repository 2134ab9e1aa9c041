/** A Bitstring Status List that is its issuer's. */
import { digestJson } from '../base/canonical.ts'
import { firstDifference } from '../credential/difference.ts'
import { openDocument } from '../securing/open.ts'
import { bitAt } from '../status/bitstring.ts'
import { bitsOf, isPlainList, readStatusList } from '../status/status-list.ts'
import { type Believe, isInForce, remembered } from './believe.ts'
import { issuerKey } from './issuer.ts'
import { tryKeys } from './proof.ts'

/** A list in a credential with Data Integrity proofs. */
export const believeBitstringList: Believe = async (signed, allowed, inputs) => {
  const opening = openDocument(signed)
  if (!opening.ok) return null
  const { document, signatures } = opening.opened
  const list = readStatusList(document)
  const author = allowed.find((id) => id === list?.issuer)
  if (list === null || author === undefined) return null
  // A signature over RDF fits every JSON that reads as the same RDF, which of a plain list is only itself.
  if (!signatures.every(({ isOverExactText }) => isOverExactText) && !isPlainList(document)) return null
  for (const signature of signatures) {
    // A list says itself until when it counts; a proof with an end of its own would say something else.
    if (signature.expires !== undefined) return null
    const found = await issuerKey(author, signature.key, inputs)
    if (!found.ok) return null
    const tried = await tryKeys(signature, found.candidates, inputs)
    if (!tried?.result.ok || firstDifference(tried.result.document, document) !== null) return null
    const { thumbprint } = tried.vouched
    const { subject } = signature
    if (!(await isInForce({ thumbprint, validFrom: list.validFrom, subject }, author, inputs))) return null
  }
  const expanded = remembered(() => {
    const unpacked = bitsOf(list)
    return unpacked.ok ? unpacked.bits : unpacked.fault
  }, inputs)
  return {
    ...list,
    digest: digestJson(document),
    packed: list.encodedList,
    valueAt(index) {
      const bits = expanded()
      if (typeof bits === 'string') return { fault: bits }
      const bit = bitAt(bits, index)
      return bit === null ? null : Number(bit)
    },
  }
}
