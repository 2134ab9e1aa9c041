/**
 * RDFC-1.0 for statements whose blank nodes all differ by what is said of them directly: the first half of the algorithm
 * then names them all. Where two look alike the answer is `null`, and the library goes through their neighbours.
 */
import type { Quad, Quads, RdfTerm } from './direct-quads.ts'

/** @param digest lower-case hex of the digest of a text. @returns canonical N-Quads, each with its line break */
export function canonicalQuads(
  { quads, blankNodes }: Quads,
  digest: (text: string) => string,
): string | null {
  const names = blankNodes === 0 ? [] : canonicalNames({ quads, blankNodes }, digest)
  if (names === null) return null
  const lines = quads.map((quad) => lineOf(quad, (node) => names[node] as string)).sort()
  // A statement said twice, by two values that differ in JSON alone: how often it is written is the library's to say.
  for (let i = 1; i < lines.length; i++) if (lines[i] === lines[i - 1]) return null
  return lines.join('')
}

/** RDFC-1.0, sections 4.4.3 step 3 and 4.6: the order of what is said of each node alone. */
function canonicalNames(
  { quads, blankNodes }: Quads,
  digest: (text: string) => string,
): readonly string[] | null {
  const mentions: Quad[][] = Array.from({ length: blankNodes }, () => [])
  for (const quad of quads) {
    if (typeof quad.subject === 'number') mentions[quad.subject]?.push(quad)
    if (typeof quad.object === 'number') mentions[quad.object]?.push(quad)
  }
  const hashes = mentions.map((own, node) =>
    digest(
      own
        .map((quad) => lineOf(quad, (other) => (other === node ? '_:a' : '_:z')))
        .sort()
        .join(''),
    ),
  )
  const order = hashes.map((_, node) => node).sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1))
  const names: string[] = []
  for (const [rank, node] of order.entries()) {
    if (rank > 0 && hashes[node] === hashes[order[rank - 1] as number]) return null
    names[node] = `_:c14n${rank}`
  }
  return names
}

/** One statement with its line break, blank nodes under the names that they are given. */
export function lineOf({ subject, predicate, object }: Quad, nameOf: (node: number) => string): string {
  const write = (term: RdfTerm) => (typeof term === 'number' ? nameOf(term) : term)
  return `${write(subject)} ${predicate} ${write(object)} .\n`
}
