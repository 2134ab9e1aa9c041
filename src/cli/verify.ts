/** `gradecert verify`: a report per certificate, for a person or for a program. */
import * as z from 'zod/mini'
import type { ChainId } from '../anchor/anchor.ts'
import { isChainId } from '../anchor/anchor.ts'
import { bitcoinMainnet, bsvMainnet } from '../anchor/bitcoin-networks.ts'
import { CertificateError } from '../base/errors.ts'
import type { Fetch } from '../base/fetch.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { asList, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { type CarriedText, type LeftOut, readInputs } from '../carrier/read-inputs.ts'
import type { CertificateType } from '../certificate/certificate.ts'
import { documentsOf, type Evidence, mergeEvidence, readEvidence } from '../evidence/evidence.ts'
import { gather } from '../evidence/gather.ts'
import { type Binding, openText } from '../securing/open.ts'
import { trustedLists } from '../trust/chain.ts'
import { mergeTrust, readTrust, type SeenList, seenName, type Trust } from '../trust/trust.ts'
import { judgeCredentialsWith, judgeWith } from '../verify/judge.ts'
import type { AnchorRequirement } from '../verify/policy.ts'
import type { Verdict } from '../verify/report.ts'
import { verifyPresentation } from '../verify/verify.ts'
import { readChainsFile } from './chains-file.ts'
import { type Command, clockOf, readFrom, readGiven } from './command.ts'
import { exitCodes, type Voice } from './output.ts'
import { sayPresentation, sayReport } from './say-report.ts'

export interface VerifyCommandOptions {
  readonly trust: readonly string[]
  readonly evidence: readonly string[]
  readonly online?: boolean
  readonly state?: string
  readonly type: readonly string[]
  readonly any?: boolean
  readonly challenge?: string
  readonly domain: readonly string[]
  readonly chains?: string
  readonly anchor: readonly string[]
  readonly requireAnchor: readonly string[]
  readonly testChains?: boolean
}

export const verify: Command<VerifyCommandOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const now = clockOf(call)
  const types = options.type.map(typeNamed)
  const trust = await readTrustFiles(options)
  const evidence = mergeEvidence(
    await Promise.all(options.evidence.map((path) => readFrom(path, readEvidence))),
  )
  const binding = bindingOf(options)
  const chains = options.chains === undefined ? undefined : await readChainsFile(options.chains)
  const anchors = options.requireAnchor.map(requirementNamed)
  const policy = { types, anchors, testChains: options.testChains === true }
  const brought = await Promise.all(options.anchor.map(async (path) => new Uint8Array(await readGiven(path))))
  const offline = { trust, policy, chains, binding, now }
  const makeJudge = options.any ? judgeCredentialsWith : judgeWith
  const judgeOffline = await makeJudge({ ...offline, evidence })
  const counts: Record<Verdict, number> = { valid: 0, invalid: 0, undetermined: 0 }
  let trustIsMissed = false
  const leftOut: LeftOut[] = []
  const fetch = fetchedOnce(io.fetch)
  const inputs = readInputs(paths, { stdin: io.stdin, leftOut: (_, why) => leftOut.push(why) })
  for await (const text of inputs) {
    if (binding !== undefined && (await isPresentation(text.bytes))) {
      const presented = await verifyPresentation(text.bytes, {
        ...offline,
        binding,
        evidence,
        ...(options.online && { fetch }),
      })
      counts[presented.verdict]++
      voice.value({ file: text.file, ...presented })
      sayPresentation(voice, text.file, presented)
      continue
    }
    const fetched = options.online ? await fetchedFor(text, { voice, fetch }) : undefined
    const judge = fetched === undefined ? judgeOffline : await makeJudge({ ...offline, evidence, fetched })
    const report = await judge(text.bytes, { anchors: bundleDocuments([...text.anchors, ...brought]) })
    counts[report.verdict]++
    const { trust: recognised } = report.checks
    trustIsMissed ||= recognised.outcome === 'unknown' && recognised.reason === 'no_trust'
    voice.value({ file: text.file, ...report })
    sayReport(voice, text.file, report)
  }
  if (leftOut.length > 0) voice.warn(words.leftOut, { count: leftOut.length })
  const total = counts.valid + counts.invalid + counts.undetermined
  if (total === 0) voice.warn(words.nothing)
  if (total > 1) voice.say(words.summary, counts)
  if (trustIsMissed) voice.warn(words.noTrust)
  if (options.state !== undefined && trust !== undefined)
    await remember(options.state, trust, documentsOf(evidence, 'trust-list'), now)
  return exitCodeOf(counts)
}

/** Both or neither: one alone would accept what was presented to somebody else, or at another time. */
function bindingOf({ challenge, domain }: VerifyCommandOptions): Binding | undefined {
  if (challenge === undefined && domain.length === 0) return undefined
  if (challenge === undefined || challenge === '' || domain.length === 0 || domain.includes('')) {
    throw new CertificateError('verify.binding_malformed')
  }
  return { challenge, domain }
}

async function isPresentation(bytes: CarriedText['bytes']): Promise<boolean> {
  const opened = await openText(bytes, { kind: 'presentation' })
  if (!opened.ok) return false
  const document = opened.opening.ok ? opened.opening.opened.document : opened.opening.document
  return asList(document.type).includes('VerifiablePresentation')
}

/** From the same counts as what is printed. */
function exitCodeOf({ valid, invalid, undetermined }: Readonly<Record<Verdict, number>>): number {
  if (invalid > 0) return exitCodes.invalid
  return undetermined > 0 || valid === 0 ? exitCodes.undetermined : exitCodes.fine
}

async function fetchedFor(
  { bytes }: CarriedText,
  { voice, fetch }: { readonly voice: Voice; readonly fetch: Fetch },
): Promise<Evidence> {
  const gathered = await gather([bytes], { fetch })
  for (const { url, fault } of gathered.missed) voice.warn(words.missed, { url, fault })
  return gathered
}

/** Certificates of one agency share their lists: each address is asked once in a run. */
function fetchedOnce(fetch: Fetch): Fetch {
  const answers = new Map<string, Promise<Response>>()
  return async (url, options) => {
    const answer = answers.get(url) ?? fetch(url, options)
    answers.set(url, answer)
    return (await answer).clone()
  }
}

const typeNames: Readonly<Record<string, CertificateType>> = {
  grade: 'ProfessionalTechnicalGradeCertificate',
  notice: 'AssessmentResultNotice',
  training: 'TrainingCompletionCertificate',
}

function typeNamed(name: string): CertificateType {
  const type = typeNames[name]
  if (type === undefined) throw new CertificateError('cli.type_unknown', { type: name })
  return type
}

async function readTrustFiles({ trust, state }: VerifyCommandOptions): Promise<Trust | undefined> {
  if (trust.length === 0) return undefined
  const merged = mergeTrust(await Promise.all(trust.map((path) => readFrom(path, readTrust))))
  return state === undefined ? merged : { ...merged, seen: await readSeen(state) }
}

/** What a person may call an anchor that is asked for, beside the id of a chain. */
const requirements: Readonly<Record<string, AnchorRequirement>> = {
  any: 'any',
  log: 'tlog',
  tlog: 'tlog',
  bitcoin: bitcoinMainnet,
  bsv: bsvMainnet,
  ethereum: 'eip155:1',
}

function requirementNamed(name: string): AnchorRequirement {
  const known = Object.hasOwn(requirements, name) ? requirements[name] : undefined
  if (known !== undefined) return known
  if (!isChainId(name)) throw new CertificateError('verify.policy_malformed', { what: `anchors ${name}` })
  return name satisfies ChainId
}

/** A file beside a certificate that is no bundle is none: it changes nothing. */
const bundleDocuments = (files: readonly CarriedText['bytes'][]): readonly JsonObject[] =>
  files.flatMap((bytes) => {
    const parsed = parseJson(bytes)
    return parsed.ok && isObject(parsed.value) ? [parsed.value] : []
  })

/** What earlier runs have seen of each list; a file that is not there yet has seen nothing. */
async function readSeen(path: string): Promise<Readonly<Record<string, SeenList>>> {
  try {
    return stateFile.parse(JSON.parse((await readFileBounded(path)).toString('utf8')))
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return {}
    throw new CertificateError('cli.state_malformed', { path }, { cause })
  }
}

const stateFile = z.record(
  z.string(),
  z.strictObject({ sequence: z.int().check(z.gte(1)), digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
)

/** Keeps the highest number of each list that counted; what was seen before is only ever raised. */
async function remember(
  path: string,
  trust: Trust,
  others: readonly Json[],
  now: ReturnType<typeof clockOf>,
): Promise<void> {
  const { current } = await trustedLists(trust, others, now)
  const seen = Object.fromEntries(
    current.map(({ list, digest }) => [seenName(list), { sequence: list.sequence, digest }]),
  )
  await writeFileWhole(path, `${JSON.stringify({ ...trust.seen, ...seen }, null, 2)}\n`, { durable: true })
}

const words = {
  leftOut: {
    en: '{count} files are no certificates by name or content and were left alone.',
    zh: '{count} 个文件从名称或内容看不是证书，未作处理。',
  },
  nothing: { en: 'No certificate was found.', zh: '未找到任何证书。' },
  noTrust: {
    en: 'Nobody was named as authority, so nobody is recognised: give the authority’s list with --trust FILE.',
    zh: '未指定主管机构，因此不认可任何签发机构：请用 --trust 文件 提供主管机构的信任列表。',
  },
  summary: {
    en: '{valid} valid, {invalid} invalid, {undetermined} undetermined.',
    zh: '有效 {valid}，无效 {invalid}，无法判定 {undetermined}。',
  },
  missed: { en: '{url} could not be had ({fault}).', zh: '未能获取 {url}（{fault}）。' },
} as const
