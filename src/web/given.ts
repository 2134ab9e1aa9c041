/** What the page was made with, and what a person loaded beside it. */
import { isObject, parseJson } from '../base/json.ts'
import type { Given } from './messages.ts'

export function readGiven(): Given {
  const parsed = parseJson(document.getElementById('given')?.textContent ?? '{}', { maxBytes: givenLimit })
  const given = parsed.ok && isObject(parsed.value) ? (parsed.value as Partial<Given>) : {}
  return { trust: [], evidence: [], ...given }
}

/** Bytes of what an agency puts into its page. */
const givenLimit = 134_217_728

/** Both together. */
export const joined = (a: Given, b: Given): Given => ({
  trust: [...a.trust, ...b.trust],
  evidence: [...a.evidence, ...b.evidence],
  chains: b.chains ?? a.chains,
  policy: b.policy ?? a.policy,
})
