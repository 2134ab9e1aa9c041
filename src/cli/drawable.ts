/** What `render` draws: certificates that a verifier could read, each with all that goes inside its document. */
import { dirname, join, resolve } from 'node:path'
import { type Bytes, utf8, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import { type CarriedText, type ReadInputsOptions, readInputs } from '../carrier/read-inputs.ts'
import { findEvidence } from '../carrier/stapled.ts'
import {
  distinctEvidence,
  documentsOf,
  type Evidence,
  type EvidenceItem,
  type EvidenceKind,
  evidenceFileText,
  evidenceMediaType,
  mergeEvidence,
  noEvidence,
  readEvidence,
} from '../evidence/evidence.ts'
import { fileName, readTextFile } from '../issue/entry-text.ts'
import { paperCodeOf } from '../issue/paper-code.ts'
import { openWorkspace, type Workspace, workspaceFiles } from '../issue/workspace.ts'
import { isLive } from '../registry/registry.ts'
import type { PaperCertificate } from '../render/face.ts'
import type { Attachment } from '../render/pdf-document.ts'
import { readTrust } from '../trust/trust.ts'
import { type Inputs, readInputs as readGathered } from '../verify/inputs.ts'
import { policyOf } from '../verify/policy.ts'
import { readSubject, type Subject } from '../verify/subject.ts'
import { type Call, clockOf, readFrom } from './command.ts'

export interface Drawable {
  readonly file: string
  readonly text: Bytes
  readonly form: 'badge' | 'sd-jwt'
  readonly certificate: PaperCertificate
  readonly attachments: readonly Attachment[]
  /** Text of the code on its paper. */
  readonly code: string | undefined
  /** Whether only a trial list is known to name its agency. */
  readonly isTrial: boolean
}

export interface DrawableOptions {
  readonly evidence: readonly string[]
}

/** Certificates in the order of the files. `refused` is told of each file that is none, or none that has a page. */
export async function* drawables(
  call: Call<DrawableOptions>,
  paths: readonly string[],
  tell: {
    readonly refused: (file: string, error: CertificateError) => void
    readonly leftOut: ReadInputsOptions['leftOut']
    readonly strangeCode: (file: string) => void
  },
): AsyncGenerator<Drawable> {
  const { io, options, voice } = call
  const given = await Promise.all(options.evidence.map((path) => readFrom(path, readEvidence)))
  const found = await findEvidence(paths)
  for (const { file, code } of found.refused) voice.warn(words.evidenceRefused, { file, code })
  const evidence = distinctEvidence(mergeEvidence([...given, found.evidence]))
  const trial = await trialAgencies(evidence, [options.dir, ...paths.filter((path) => path !== '-')])
  const inputs = await readGathered({ ...nothingJudged, evidence, now: clockOf(call) })
  const supplement = supplementOf(evidence)
  const workspace = await workspaceAt(options.dir)
  try {
    yield* drawn()
  } finally {
    await workspace?.registry.close()
  }

  async function* drawn(): AsyncGenerator<Drawable> {
    for await (const carried of readInputs(paths, { stdin: io.stdin, leftOut: tell.leftOut })) {
      if (isCodeName(carried.file)) continue // goes onto the paper of the certificate beside it
      const subject = await readSubject(carried.bytes, inputs)
      const read = paperOf(subject)
      if (typeof read === 'string') {
        tell.refused(carried.file, new CertificateError('render.not_a_certificate', { what: read }))
        continue
      }
      const { certificate, form, stated } = read
      const code = await codeBeside(carried, certificate, inputs)
      if (code === 'of_another') tell.strangeCode(carried.file)
      yield {
        file: carried.file,
        text: carried.bytes,
        form,
        certificate,
        attachments: [
          ...credentialAndAnchors(carried, certificate, form),
          ...supplement(stated),
          ...carried.evidence.map(evidenceInside),
        ],
        code: code === 'of_another' ? undefined : (code ?? (await codeOf(certificate, workspace))),
        isTrial: trial.has(certificate.issuer.id),
      }
    }
  }
}

/** Reading takes the same inputs as judging; nothing of these is asked. */
const nothingJudged = {
  trust: undefined,
  fetched: noEvidence,
  chains: undefined,
  policy: policyOf({}),
  asks: 'certificate',
  binding: undefined,
  contexts: {},
} as const

interface Read {
  readonly certificate: PaperCertificate
  readonly form: Drawable['form']
  readonly stated: JsonObject
}

/** What can be put on paper, or why not. */
function paperOf({ format, read }: Subject): Read | string {
  if (format.outcome !== 'pass') return format.outcome === 'skipped' ? format.because : format.reason
  const { form } = format.facts
  if (form !== 'badge' && form !== 'sd-jwt') return String(form)
  if (read === undefined || read.certificate?.type !== 'ProfessionalTechnicalGradeCertificate')
    return 'type_not_accepted'
  return read.opening.ok
    ? { certificate: read.certificate as PaperCertificate, form, stated: read.credential }
    : read.opening.fault
}

/** The text as it is, under the name that `issue` gives it, and the bundles that lay beside it. */
function credentialAndAnchors(
  { bytes, anchors }: CarriedText,
  { number }: PaperCertificate,
  form: Drawable['form'],
): readonly Attachment[] {
  const name = fileName(number)
  const isDocument = bytes[0] === openBrace || utf8Text(bytes)?.trimStart().startsWith('{')
  const kind = isDocument ? kinds.document : form === 'sd-jwt' ? kinds.sdJwt : kinds.token
  return [
    { name: `${name}${kind.extension}`, mediaType: kind.mediaType, bytes, relationship: 'Source' },
    ...anchors.map((anchor, i) => ({
      name: i === 0 ? `${name}.anchor.json` : `${name}.${i + 1}.anchor.json`,
      mediaType: 'application/json',
      bytes: anchor,
      relationship: 'Data' as const,
    })),
  ]
}

const openBrace = 0x7b

const kinds = {
  document: { extension: '.json', mediaType: 'application/vc' },
  sdJwt: { extension: '.sd-jwt', mediaType: 'application/dc+sd-jwt' },
  token: { extension: '.jwt', mediaType: 'application/vc+jwt' },
} as const

/** Kinds of evidence of which a certificate needs only what it names. */
const namedKinds: ReadonlySet<EvidenceKind> = new Set([
  'did-document',
  'issuer-metadata',
  'status-list',
  'token-status-list',
  'key-history',
])

/** Bytes of evidence that go into one document: more belongs beside it. */
const supplementLimit = 4_194_304

/** The evidence that a certificate takes. Those that take the same share its bytes, so that it is packed once. */
function supplementOf({ items }: Evidence): (stated: JsonObject) => readonly Attachment[] {
  const made = new Map<string, readonly Attachment[]>()
  return (stated) => {
    const text = JSON.stringify(stated)
    const wanted = items.map(({ kind, url }: EvidenceItem) => !namedKinds.has(kind) || text.includes(url))
    const key = wanted.map(Number).join('')
    const known = made.get(key) ?? attachmentOf({ items: items.filter((_, i) => wanted[i]) })
    made.set(key, known)
    return known
  }
}

/** What came inside the same document goes on with it. */
const evidenceInside = (bytes: Bytes, i: number): Attachment => ({
  name: `evidence-${i + 1}.json`,
  mediaType: evidenceMediaType,
  bytes,
  relationship: 'Supplement',
})

function attachmentOf(evidence: Evidence): readonly Attachment[] {
  const bytes = utf8(evidenceFileText(evidence))
  return evidence.items.length === 0 || bytes.length > supplementLimit
    ? []
    : [{ name: 'evidence.json', mediaType: evidenceMediaType, bytes, relationship: 'Supplement' }]
}

/** The two files that `gradecert code --out` writes: text and picture. */
const isCodeName = (file: string): boolean => /\.code\.(txt|svg)$/i.test(file)

/** `gradecert code --out` writes it beside the certificate. One of another certificate has no place on this paper. */
async function codeBeside(
  { file }: CarriedText,
  { id, number }: PaperCertificate,
  inputs: Inputs,
): Promise<string | undefined | 'of_another'> {
  const text = (await readTextFile(join(dirname(file), `${fileName(number)}.code.txt`)))?.trim()
  if (text === undefined) return undefined
  const { format, read } = await readSubject(text, inputs)
  const isOwn =
    format.outcome === 'pass' && format.facts.form === 'paper-code' && read?.certificate?.id === id
  return isOwn ? text : 'of_another'
}

/** The workspace that issued what is drawn can make its codes; elsewhere there is none. */
async function workspaceAt(dir: string): Promise<Workspace | undefined> {
  return (await readTextFile(join(dir, workspaceFiles.settings))) === null ? undefined : openWorkspace(dir)
}

async function codeOf(
  { id, number }: PaperCertificate,
  workspace: Workspace | undefined,
): Promise<string | undefined> {
  const entry = await workspace?.registry.findByNumber(number)
  const isOwn = entry?.id === id && isLive(entry.standing)
  return workspace !== undefined && entry && isOwn ? paperCodeOf(entry, workspace) : undefined
}

/** Agencies that lists for trials name and no other list does, as far as evidence and workspaces nearby tell. */
async function trialAgencies(evidence: Evidence, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const lists = [...documentsOf(evidence, 'trust-list')]
  for (const folder of new Set(
    paths.flatMap((path) => [path, dirname(path), dirname(dirname(path))]).map((path) => resolve(path)),
  )) {
    if ((await readTextFile(join(folder, workspaceFiles.settings))) === null) continue
    const text = await readTextFile(join(folder, workspaceFiles.trust))
    if (text !== null) lists.push(...readTrust(text).lists)
  }
  const agenciesOf = (isTrial: boolean) =>
    lists.flatMap((list) => {
      const subject = isObject(list) && isObject(list.credentialSubject) ? list.credentialSubject : {}
      const entries = Array.isArray(subject.entry) ? subject.entry : []
      return (subject.trial === true) === isTrial
        ? entries.flatMap((entry) => (isObject(entry) ? String(entry.id) : []))
        : []
    })
  const real = new Set(agenciesOf(false))
  return new Set(agenciesOf(true).filter((id) => !real.has(id)))
}

const words = {
  evidenceRefused: {
    en: '{file} lies beside the certificates and is no evidence ({code}); it was left alone.',
    zh: '证书旁的 {file} 不是有效的证据文件（{code}），未采用。',
  },
} as const
