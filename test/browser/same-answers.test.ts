import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enveloped } from '../../src/securing/envelope.ts'
import { present } from '../../src/securing/sd-jwt.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import {
  allLists,
  binding,
  formNames,
  formOf,
  presentationOf,
  retold,
  trustInAll,
  wallet,
} from '../verify/forms.ts'
import { agencyOf, forms, holder, listItems, textOf, trustIn } from '../verify/forms-scene.ts'
import { now, type Scene, sceneOf, stranger, tampered, webAgency } from '../verify/scene.ts'
import { bundled, openPage, startChromium } from './chromium.ts'
import { page as here, type SignatureCase, type TextCase } from './page.ts'

type There = typeof here

let browser: Browser
let script: string
const pages = new Map<string, Page>()
beforeAll(async () => {
  script = await bundled('./page.ts')
  browser = await startChromium()
  pages.set('WebCrypto', await openPage(browser, script))
  const withoutSubtle = "Object.defineProperty(crypto, 'subtle', { value: undefined })"
  pages.set('no WebCrypto', await openPage(browser, script, withoutSubtle))
}, 120_000)
afterAll(() => browser?.close())

interface Call {
  readonly name: string
  /** JSON. */
  readonly given: string
}
type Answers = Record<string, (given: unknown) => unknown>

const inPage = async <Name extends keyof There>(
  kind: string,
  name: Name,
  ...given: Parameters<There[Name]>
): Promise<Awaited<ReturnType<There[Name]>>> => {
  const call = async ({ name: called, given: text }: Call): Promise<string> =>
    JSON.stringify(await (globalThis as unknown as { page: Answers }).page[called]?.(JSON.parse(text)))
  const answer = await pages.get(kind)!.evaluate(call, { name, given: JSON.stringify(given[0] ?? null) })
  return JSON.parse(answer)
}

const kinds = ['WebCrypto', 'no WebCrypto']

describe.each(kinds)('a browser with %s', (kind) => {
  test('is one: nothing of Node is there', async () => {
    expect(await inPage(kind, 'hasNode')).toBe(false)
    const backends = await inPage(kind, 'backends')
    expect(backends).toEqual(kind === 'WebCrypto' ? ['webcrypto', 'noble'] : ['noble'])
  })

  test('gives the same reports as Node, byte for byte', async () => {
    const cases = await textCases()
    const expected = await here.reports(cases)
    expect(new Set(expected.map((report) => JSON.parse(report).verdict))).toEqual(
      new Set(['valid', 'invalid', 'undetermined']),
    )
    const answers = await inPage(kind, 'reports', cases)
    expect(answers).toHaveLength(expected.length)
    expect(answers.filter((report, i) => report !== expected[i])).toEqual([])
  })

  test.skipIf(!sharedIsHere)(
    'accepts and refuses the signatures of the published vectors as Node does',
    async () => {
      const cases = signatureCases()
      expect(cases.length).toBeGreaterThan(500)
      expect(await inPage(kind, 'signatures', cases)).toEqual(await here.signatures(cases))
    },
  )
})

/** Good, tampered and incomplete ones, of each suite. */
async function textCases(): Promise<readonly TextCase[]> {
  const cases: TextCase[] = []
  for (const [form, algorithm] of forms) {
    const signer = agencyOf(algorithm)
    const text = await textOf(form, signer)
    const options = { trust: await trustIn(signer), evidence: { items: await listItems(signer) }, now }
    const middle = Math.floor(text.length / 2)
    const changed = `${text.slice(0, middle)}${text[middle] === 'a' ? 'b' : 'a'}${text.slice(middle + 1)}`
    for (const asks of ['certificate', 'any'] as const) {
      cases.push({ asks, text, options }, { asks, text: changed, options })
    }
    if (form === 'sd-jwt') {
      const binding = { challenge: 'c-1', domain: 'hr.example' }
      const keyBinding = { signer: holder, audience: binding.domain, nonce: binding.challenge, now }
      const bound = await present(text, { disclose: ['name'], keyBinding })
      cases.push({ asks: 'certificate', text: bound, options: { ...options, binding } })
    }
  }
  for (const suite of ['eddsa-rdfc-2022', 'eddsa-jcs-2022'] as const) {
    const scene = await sceneOf(undefined, { suite })
    const other = await sceneOf(webAgency, { suite })
    cases.push(
      caseOf(scene),
      caseOf(other),
      caseOf(scene, {
        text: tampered(scene, (vc) => {
          vc.issuer.id = stranger.controller
        }),
      }),
      caseOf(scene, {
        text: tampered(scene, (vc) => {
          vc.unknownTerm = 'x'
        }),
      }),
      caseOf(scene, {
        text: tampered(scene, (vc) => {
          vc.proof.proofValue = `z${vc.proof.proofValue.slice(2)}`
        }),
      }),
      { ...caseOf(scene), options: { ...caseOf(scene).options, evidence: { items: [] } } },
      caseOf(scene, { text: '{"a":1,"a":2}' }),
      { ...caseOf(scene), asks: 'any' },
    )
  }
  return [...cases, ...(await formCases())]
}

/** Every form, good and tampered with, and presentations of them. */
async function formCases(): Promise<readonly TextCase[]> {
  const options = { trust: await trustInAll(), evidence: { items: await allLists() }, now }
  const cases: TextCase[] = []
  for (const name of formNames) {
    const { text } = await formOf(name)
    const bound = name === 'dc+sd-jwt, bound' ? { ...options, binding } : options
    const changed = text.startsWith('{')
      ? JSON.stringify({ ...JSON.parse(text), id: 'urn:uuid:11111111-2222-4333-8444-555555555556' })
      : retold(text, (_, payload) =>
          Object.assign(payload, { jti: 'urn:uuid:11111111-2222-4333-8444-555555555556' }),
        )
    for (const one of [text, changed]) {
      cases.push(
        { asks: 'certificate', text: one, options: bound },
        { asks: 'any', text: one, options: bound },
      )
    }
  }
  const badge = JSON.parse((await formOf('ecdsa-rdfc-2019')).text)
  const sdJwt = enveloped((await formOf('dc+sd-jwt')).text, 'application/dc+sd-jwt')
  const presentation = await presentationOf([badge, sdJwt], wallet)
  for (const one of [presentation, { ...presentation, holder: stranger.controller }]) {
    cases.push({ asks: 'presentation', text: JSON.stringify(one), options: { ...options, binding } })
  }
  return cases
}

const caseOf = ({ text, trust, evidence }: Scene, change: Partial<TextCase> = {}): TextCase => ({
  asks: 'certificate',
  text,
  options: { trust, evidence, now },
  ...change,
})

function signatureCases(): readonly SignatureCase[] {
  const wycheproof = sharedJson('vectors/ed25519/ed25519_test.json').testGroups.flatMap(
    // biome-ignore lint/suspicious/noExplicitAny: vectors as published
    ({ publicKey, tests }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: vectors as published
      tests.map(({ msg, sig }: any) => ({
        algorithm: 'Ed25519',
        key: publicKey.pk,
        message: msg,
        signature: sig,
      })),
  )
  const speccheck = ['speccheck/cases.json', 'noble/edge-cases.json'].flatMap((file) =>
    sharedJson(`vectors/ed25519/${file}`).map(
      // biome-ignore lint/suspicious/noExplicitAny: vectors as published
      ({ message, pub_key: key, signature }: any) => ({ algorithm: 'Ed25519', key, message, signature }),
    ),
  )
  const ecdsa = (
    [
      ['P-256', 'ecdsa_secp256r1_sha256_p1363_test.json'],
      ['P-384', 'ecdsa_secp384r1_sha384_p1363_test.json'],
    ] as const
  ).flatMap(([algorithm, file]) =>
    sharedJson(`vectors/ecdsa/${file}`).testGroups.flatMap(
      // biome-ignore lint/suspicious/noExplicitAny: vectors as published
      ({ publicKey, tests }: any) =>
        // biome-ignore lint/suspicious/noExplicitAny: vectors as published
        tests.map(({ msg, sig }: any) => ({
          algorithm,
          key: compressed(publicKey.uncompressed),
          message: msg,
          signature: sig,
        })),
    ),
  )
  return [...wycheproof, ...speccheck, ...ecdsa]
}

/** SEC 1, section 2.3.3, from `04 x y`. */
function compressed(uncompressed: string): string {
  const x = uncompressed.slice(2, 2 + (uncompressed.length - 2) / 2)
  return `${Number.parseInt(uncompressed.slice(-1), 16) & 1 ? '03' : '02'}${x}`
}
