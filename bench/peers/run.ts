/**
 * gradecert and other libraries doing the same job with the same documents and the same key: `npm run bench:peers`, with
 * `-- --json FILE` for figures in a file and `--rounds N` for more or fewer rounds. Nobody is measured before everybody
 * verified its own texts and those of all others of the same form, and refused what was changed. What is like for like
 * and what is not is in README.md. Nothing here is a test.
 */
import type { JsonObject } from '../../src/base/json.ts'
import { type Measured, measure, type Row, report, usualPace } from '../measure.ts'
import {
  type Contender,
  type DocumentName,
  documentNames,
  documentsOf,
  type Verify,
  variety,
} from './contender.ts'
import { contenders as didJwtVc } from './did-jwt-vc.ts'
import { contenders as didkit } from './didkit.ts'
import { contenders as digitalbazaar } from './digitalbazaar.ts'
import { contenders as gradecert } from './gradecert.ts'
import { contenders as jose } from './jose.ts'
import { contenders as sdJwt } from './sd-jwt.ts'
import { contenders as transmute } from './transmute.ts'

interface Prepared {
  readonly contender: Contender
  readonly name: DocumentName
  readonly inputs: readonly JsonObject[]
  readonly texts: readonly string[]
}

/** What of ours is held against what of theirs. */
const acts = [
  ['issue', 'issue'],
  ['verify', 'verify'],
  ['proof', 'verify'],
] as const

const contenders = [...gradecert, ...digitalbazaar, ...jose, ...transmute, ...sdJwt, ...didJwtVc, ...didkit]
const prepared: Prepared[] = []
for (const name of documentNames) {
  for (const contender of contenders) prepared.push(await prepare(contender, name))
}
await crossCheck(prepared)

const measured = await measure(prepared.flatMap(rowsOf), { ...usualPace, rounds: roundsAsked() })
report(measured)
console.log(comparison(measured))

/** Issues all documents and tries each text, before anything is measured. */
async function prepare(contender: Contender, name: DocumentName): Promise<Prepared> {
  const inputs = documentsOf(name).map(contender.inputOf)
  const before = JSON.stringify(inputs)
  const texts: string[] = []
  for (const input of inputs) texts.push(await contender.issue(input))
  if (JSON.stringify(inputs) !== before) throw new Error(`${contender.id} changes what it is given`)
  for (const text of texts) await expectVerdict(contender, text, true)
  for (const text of tampered(texts[0] as string)) await expectVerdict(contender, text, false)
  return { contender, name, inputs, texts }
}

/** Everybody accepts what everybody else makes in the same form, and refuses it when it was changed. */
async function crossCheck(all: readonly Prepared[]): Promise<void> {
  for (const { contender, name } of all) {
    const others = all.filter(
      (other) =>
        other.name === name && other.contender !== contender && other.contender.form === contender.form,
    )
    for (const { contender: maker, texts } of others) {
      const [text] = texts as [string]
      await expectVerdict(contender, text, true, maker)
      for (const changed of tampered(text)) await expectVerdict(contender, changed, false, maker)
    }
  }
}

async function expectVerdict(
  contender: Contender,
  text: string,
  expected: boolean,
  maker = contender,
): Promise<void> {
  for (const verify of [contender.verify, contender.proof ?? contender.verify]) {
    const { holds, cause } = await verdictOf(verify, text)
    if (holds !== expected) {
      const what = expected ? 'does not verify' : 'verifies a changed'
      throw new Error(`${contender.id} ${what} text of ${maker.id}`, { cause })
    }
  }
}

async function verdictOf(verify: Verify, text: string): Promise<{ holds: boolean; cause?: unknown }> {
  try {
    return { holds: await verify(text) }
  } catch (cause) {
    return { holds: false, cause }
  }
}

/** A text with one thing changed that was signed: a date of the document, the payload of a token, one of its disclosures. */
function tampered(text: string): readonly string[] {
  if (text.startsWith('{')) return [text.replace('"validFrom":"2026-01-25', '"validFrom":"2026-01-24')]
  const [token = '', ...disclosures] = text.split('~')
  const [header, payload = '', signature] = token.split('.')
  const rest = disclosures.map((disclosure) => `~${disclosure}`)
  const otherPayload = [header, altered(payload), signature].join('.') + rest.join('')
  const [first = '', ...others] = disclosures
  return first === '' ? [otherPayload] : [otherPayload, [token, altered(first), ...others].join('~')]
}

/** Base64url of JSON, with another day or id in it. */
function altered(encoded: string): string {
  const text = Buffer.from(encoded, 'base64url').toString()
  const changed = text.replace('2026-01-25', '2026-01-24').replace('11111111-2222', '11111111-2223')
  const other = changed === text ? text.replace(/"([^"]{2,})"/, '"x$1"') : changed
  return Buffer.from(other).toString('base64url')
}

function rowsOf({ contender, name, inputs, texts }: Prepared): readonly Row[] {
  const { id, issue, verify, proof } = contender
  const holding = (check: Verify) => async (turn: number) => {
    if (!(await check(texts[turn % variety] as string))) throw new Error(`${id} refuses its own text`)
  }
  return [
    { id: `${id}/issue/${name}`, floor: 'sign', unit: (turn) => issue(inputs[turn % variety] as JsonObject) },
    { id: `${id}/verify/${name}`, floor: 'verify', unit: holding(verify) },
    ...(proof ? [{ id: `${id}/proof/${name}`, floor: 'verify', unit: holding(proof) } as const] : []),
  ]
}

/** How many times as many gradecert does as each peer with the same form. */
function comparison(rows: readonly Measured[]): string {
  const ratioOf = (id: string) => rows.find((row) => row.id === id)?.ratio ?? Number.NaN
  const lines = documentNames.flatMap((name) =>
    acts.flatMap(([our, their]) =>
      pairs().map(([ours, theirs]) => {
        const [one, other] = [`${ours}/${our}/${name}`, `${theirs}/${their}/${name}`]
        return `${(ratioOf(one) / ratioOf(other)).toFixed(1).padStart(5)}  ${one} : ${other}`
      }),
    ),
  )
  return ['', 'gradecert : peer, by their shares of the floor', ...lines].join('\n')
}

/** Ours and theirs that do the same job: the same form, and as many claims hidden. */
function pairs(): readonly (readonly [ours: string, theirs: string])[] {
  const peers = contenders.filter(({ id }) => id.startsWith('peer/'))
  return gradecert.flatMap(({ id: ours, form }) =>
    peers
      .filter((peer) => peer.form === form && hiddenIn(peer.id) === hiddenIn(ours))
      .map(({ id }) => [ours, id] as const),
  )
}

function hiddenIn(id: string): string | undefined {
  return /\d+-hidden$/.exec(id)?.[0]
}

function roundsAsked(): number {
  const at = process.argv.indexOf('--rounds')
  return at < 0 ? usualPace.rounds : Number(process.argv[at + 1])
}
