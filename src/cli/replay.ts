/** `gradecert replay`: makes reports that were kept again, at their moment and under their policy, and says what differs. */

import { sha256Hex } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'
import { visible } from '../base/visible.ts'
import { type CarriedText, readInputs } from '../carrier/read-inputs.ts'
import { recordInReceipt } from '../issue/receipt.ts'
import { bundleDocuments, judgesBy } from '../verify/judges.ts'
import { type ReportRecord, readRecord, replay } from '../verify/replay.ts'
import { verifyCredential } from '../verify/verify.ts'
import { chainsDigest } from './chains-file.ts'
import { type Command, readGiven } from './command.ts'
import { judgingOf } from './judging.ts'
import type { JudgingOptions } from './judging-options.ts'
import { exitCodes } from './output.ts'

export const replayRecords: Command<JudgingOptions, [record: string, paths: readonly string[]]> = async (
  call,
  file,
  paths,
) => {
  const { io, voice, options } = call
  const judging = await judgingOf(call, paths)
  const digest = options.chains === undefined ? undefined : await chainsDigest(options.chains)
  const records = await recordsIn(file)
  const texts = new Map<string, CarriedText>()
  const wanted = new Set(records.map(({ record }) => record.inputs.text))
  for await (const text of readInputs(paths, { stdin: io.stdin, leftOut() {} })) {
    const name = sha256Hex(text.bytes)
    if (wanted.has(name)) texts.set(name, text)
  }
  const known = judgesBy(judging.evidence, async () => undefined)
  const counts = { same: 0, different: 0, missing: 0 }
  for (const [i, { record, signedBy }] of records.entries()) {
    const line = i + 1
    const text = texts.get(record.inputs.text)
    const by = signedBy === undefined ? {} : { signedBy }
    if (signedBy !== undefined) voice.say(words.signed, { line, by: signedBy })
    if (text === undefined) {
      counts.missing++
      voice.value({ line, same: false, missing: record.inputs.text, ...by })
      voice.say(words.missing, { line, digest: record.inputs.text })
      continue
    }
    const again = await replay(
      record,
      text.bytes,
      { ...judging, evidence: (await known(text.evidence)).evidence, chainsDigest: digest },
      { anchors: bundleDocuments(text.anchors).concat(judging.brought) },
    )
    counts[again.same ? 'same' : 'different']++
    const { same, differences, changed, report } = again
    voice.value({ line, file: text.file, same, differences, changed, verdict: report.verdict, ...by })
    const detail = {
      line,
      verdict: record.report.verdict,
      at: record.report.checkedAt,
      now: report.verdict,
    }
    voice.say(same ? words.same : words.different, { ...detail, file: text.file })
    for (const pointer of differences) voice.line(`    ${visible(pointer)}`)
    if (changed.length > 0) voice.say(words.changed, { names: changed.join(', ') })
  }
  voice.say(words.summary, counts)
  if (counts.different > 0) return exitCodes.invalid
  return counts.missing > 0 || counts.same === 0 ? exitCodes.undetermined : exitCodes.fine
}

interface KeptRecord {
  readonly record: ReportRecord
  /** Of a receipt: who signed it. */
  readonly signedBy: string | undefined
}

/** Records and receipts, one a line. @throws `verify.record_malformed` */
async function recordsIn(path: string): Promise<readonly KeptRecord[]> {
  const lines = (await readGiven(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  if (lines.length === 0) throw new CertificateError('verify.record_malformed', { what: `${path}: 0` })
  return Promise.all(
    lines.map(async (line, i) => {
      const parsed = parseJson(line, { maxBytes: lineLimit })
      const at = `${path}:${i + 1}`
      if (!parsed.ok || !isObject(parsed.value))
        throw new CertificateError('verify.record_malformed', { what: at })
      const inside = recordInReceipt(parsed.value)
      if (inside === null) return { record: readRecord(parsed.value), signedBy: undefined }
      return { record: readRecord(inside), signedBy: await signerOf(line, parsed.value, at) }
    }),
  )
}

/** A receipt whose signature does not hold is none. Whether to believe who signed it is for the reader. */
async function signerOf(line: string, { issuer }: { readonly issuer?: Json }, at: string): Promise<string> {
  const { verdict, checks } = await verifyCredential(line)
  if (verdict === 'valid') return String(issuer)
  const { proof } = checks
  throw new CertificateError('verify.record_malformed', {
    what: `${at}: ${proof.outcome === 'fail' ? proof.reason : verdict}`,
  })
}

/** Bytes of one record. */
const lineLimit = 4_194_304

const words = {
  signed: { en: 'Line {line} is a receipt signed by {by}.', zh: '第 {line} 行是由 {by} 签署的回执。' },
  missing: {
    en: '? line {line}: no certificate with the digest {digest} is among the inputs.',
    zh: '? 第 {line} 行：所给文件中没有摘要为 {digest} 的证书。',
  },
  same: {
    en: '✔ line {line}: {verdict} as of {at}, the same byte for byte ({file})',
    zh: '✔ 第 {line} 行：截至 {at} 为 {verdict}，逐字节一致（{file}）',
  },
  different: {
    en: '✘ line {line}: was {verdict} as of {at}, is {now} now; they differ ({file})',
    zh: '✘ 第 {line} 行：截至 {at} 原为 {verdict}，现为 {now}；二者不一致（{file}）',
  },
  changed: { en: '  other inputs than then: {names}', zh: '  与当时不同的输入：{names}' },
  summary: {
    en: '{same} the same, {different} different, {missing} without their certificate.',
    zh: '一致 {same}，不一致 {different}，缺少证书 {missing}。',
  },
} as const
