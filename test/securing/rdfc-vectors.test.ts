/** The test suite of RDFC-1.0: N-Quads as JSON-LD, and from there through the one function by which we canonicalise. */
import jsonld from 'jsonld'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { canonicalNQuads, type RdfcFault } from '../../src/securing/rdfc.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'

interface Entry {
  readonly id: string
  readonly type: 'rdfc:RDFC10EvalTest' | 'rdfc:RDFC10MapTest' | 'rdfc:RDFC10NegativeEvalTest'
  readonly hashAlgorithm?: 'SHA384'
  readonly action: string
  readonly result?: string
}

describe.skipIf(!sharedIsHere)('the test suite of RDFC-1.0', () => {
  const folder = 'vectors/rdf-canon'
  const entries: readonly Entry[] = sharedIsHere ? sharedJson(`${folder}/manifest.jsonld`).entries : []
  const ours = async ({ action, hashAlgorithm }: Entry) => {
    const graph = await jsonld.fromRDF(sharedText(`${folder}/${action}`) as unknown as object, {
      format: 'application/n-quads',
    })
    const named = (graph as JsonObject[]).map((node) =>
      // jsonld 9 takes the `_:` from a graph that is named by a blank node.
      node['@graph'] !== undefined && !String(node['@id']).includes(':')
        ? { ...node, '@id': `_:${node['@id']}` }
        : node,
    )
    return canonicalNQuads({ '@graph': named }, new Map(), {
      allowInlineContexts: true,
      digest: hashAlgorithm === 'SHA384' ? 'SHA-384' : 'SHA-256',
    })
  }

  const answers = knownAnswers('RDF Dataset Canonicalization 1.0')
  const ofType = (type: string) => entries.filter((entry) => entry.type === `rdfc:RDFC10${type}Test`)
  const differing: Readonly<Record<string, readonly [fault: RdfcFault, reason: string]>> = {
    '#test060c': ['data_loss', 'an IRI with a no-break space in it, which safe JSON-LD does not take'],
  }

  test.each(ofType('Eval'))('RDFC-1: $id', async (entry) => {
    const { id, result } = entry
    const [fault, reason] = differing[id] ?? []
    const expected = fault === undefined ? { ok: true, nquads: sharedText(`${folder}/${result}`) } : { fault }
    expect(await ours(entry)).toMatchObject(expected)
    if (reason === undefined) answers.holds(`${folder}/${result}`)
    else answers.differs(`${folder}/${result}`, '', reason)
  })

  test.each(ofType('NegativeEval'))('RDFC-2: $id is stopped', async (entry) => {
    expect(await ours(entry)).toMatchObject({ ok: false, fault: 'too_much_work' })
    answers.holds(`${folder}/${entry.action}`)
  })

  test('RDFC-1: the other tests are about labels, which our function does not tell', () => {
    const labels = ofType('Map')
    expect(labels).toHaveLength(21)
    expect(ofType('Eval').length + ofType('NegativeEval').length + labels.length).toBe(entries.length)
    for (const { result } of labels) {
      answers.notApplicable(`${folder}/${result}`, '', 'a table of labels, which our function does not tell')
    }
  })
})
