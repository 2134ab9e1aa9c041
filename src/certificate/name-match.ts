/**
 * Whether two writings of a name are one name. Never silently: what had to be set aside for them to agree is told, and
 * simplified and traditional characters, or sound-alikes, are different names.
 */

/** What two writings may differ in and still be one name. */
export type NameDifference =
  | 'width'
  | 'space'
  | 'invisible'
  | 'middle_dot'
  | 'compatibility_character'
  | 'variation_selector'
  | 'letter_case'
  /** A character and the private code that systems gave it before it had one of its own: 䶮 as U+E863. */
  | 'private_code'

export type NameMatch =
  | { readonly kind: 'exact' }
  /** The same name, written in another way. */
  | { readonly kind: 'same'; readonly differences: readonly NameDifference[] }
  /** The name as a passport writes it in Latin letters. */
  | { readonly kind: 'romanised'; readonly differences: readonly NameDifference[] }
  | { readonly kind: 'different' }

/**
 * Compares a name that somebody knows with the one on a certificate.
 *
 * @example
 * matchNames('阿卜杜拉•买买提', '阿卜杜拉·买买提') // { kind: 'same', differences: ['middle_dot'] }
 */
export function matchNames(known: string, certified: string, romanised?: string): NameMatch {
  if (known === certified) return { kind: 'exact' }
  const differences = differencesOf(known, certified)
  if (differences !== null) return { kind: 'same', differences }
  const latin = romanised === undefined ? null : differencesOf(latinOrder(known), latinOrder(romanised))
  return latin === null ? { kind: 'different' } : { kind: 'romanised', differences: latin }
}

/** By which two writings of one name agree; never a name of its own. */
export const nameKey = (name: string): string =>
  name.length > longest ? name : steps.reduce((text, { apply }) => apply(text), name)

/** UTF-16 units; no name comes near, and what is longer agrees with itself alone. */
const longest = 1000

/** In order; each is told where it changed either writing. */
const steps: readonly { readonly of: NameDifference; readonly apply: (name: string) => string }[] = [
  { of: 'invisible', apply: (name) => name.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '') },
  { of: 'variation_selector', apply: (name) => name.replace(/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, '') },
  { of: 'private_code', apply: (name) => name.replaceAll('\ue863', '\u4dae') },
  {
    of: 'middle_dot',
    apply: (name) =>
      name.replace(/\s*[\u00b7\u2022\u30fb\u2027\uff65\u2219\u22c5\u2024\u0387\u25cf\u2e31]\s*/g, '·'),
  },
  // Between Han characters a full stop is a middle dot that a system could not write.
  {
    of: 'middle_dot',
    apply: (name) => name.replace(/(?<=\p{Script=Han})\s*[.．]\s*(?=\p{Script=Han})/gu, '·'),
  },
  { of: 'width', apply: (name) => name.replace(/[\u3000\uff01-\uff5e]/g, (one) => one.normalize('NFKC')) },
  {
    of: 'compatibility_character',
    apply: (name) =>
      name
        .replace(/[\u2e80-\u2fdf\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu, (one) => one.normalize('NFKC'))
        .normalize('NFC'),
  },
  {
    of: 'space',
    apply: (name) =>
      name
        .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
        .replace(/\s+/g, ' ')
        .trim(),
  },
  { of: 'letter_case', apply: (name) => name.toUpperCase() },
]

/** What was set aside for them to agree, `null` where they do not. */
function differencesOf(a: string, b: string): readonly NameDifference[] | null {
  if (a.length > longest || b.length > longest) return null
  const found = new Set<NameDifference>()
  let [one, other] = [a, b]
  for (const { of, apply } of steps) {
    if (one === other) break
    const [next, nextOther] = [apply(one), apply(other)]
    if (next !== one || nextOther !== other) found.add(of)
    one = next
    other = nextOther
  }
  return one === other && nameKey(one) !== '' ? [...found] : null
}

/** ICAO 9303, part 3: `WANG<<XIAOMING`, as `WANG, XIAOMING` or `WANG XIAOMING`. */
const latinOrder = (name: string): string => name.replace(/[<,]+/g, ' ').replace(/\s+/g, ' ').trim()
