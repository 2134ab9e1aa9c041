/** `gradecert trust`: drafts of agencies and delegates, lists signed by an authority, and what a trust file says. */
import type { Did } from '../base/did-url.ts'
import { isDid } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { epoch, type Instant, later } from '../base/instant.ts'
import { type JsonObject, parseJson } from '../base/json.ts'
import { visible } from '../base/visible.ts'
import { type GradeCode, gradeCodes } from '../certificate/grade.ts'
import { knownOccupations } from '../certificate/occupation.ts'
import { contextTable } from '../credential/contexts.ts'
import { systemRandom, uuidUrn } from '../issue/random.ts'
import { keyRows } from '../issue/trial-list.ts'
import { openWorkspace, readKey } from '../issue/workspace.ts'
import { fromMultikey, thumbprint } from '../key/public-key.ts'
import type { GeneratedSigner } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { type AuthenticList, trustedLists } from '../trust/chain.ts'
import { type Draft, draftFault, draftIn, nextList, type Removal } from '../trust/draft.ts'
import { readTrust, type Trust, trustFileText } from '../trust/trust.ts'
import { type DelegatedAuthority, readTrustList, trustListCredential } from '../trust/trust-list.ts'
import { type Command, clockOf, dateOption, readFrom, readGiven, todayOf } from './command.ts'
import { exitCodes } from './output.ts'

interface Window {
  readonly from?: string
  readonly until?: string
}

const windowOf = (options: Window) => {
  const from = dateOption(options.from)
  const until = dateOption(options.until)
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
}

export const buildTrust: Command<Window & { readonly out: string }, []> = async (call) => {
  const { voice, options, io } = call
  const workspace = await openWorkspace(options.dir)
  workspace.registry.close()
  const { settings, catalogue, keys } = workspace
  const draft: Draft = {
    id: uuidUrn((io.random ?? systemRandom)('trust-list')),
    sequence: 1,
    agencies: [
      {
        id: settings.did,
        ...(settings.uscc !== undefined && { code: settings.uscc }),
        labels: settings.labels,
        standing: 'active',
        keys: keyRows(keys),
        scopes: [
          {
            occupations: catalogue.occupations.map(({ code }) => code),
            grades: gradeCodes,
            region: settings.region,
            ...windowOf(options),
          },
        ],
        statusIssuers: [],
      },
    ],
  }
  await writeFileWhole(options.out, `${JSON.stringify(draft, null, 2)}\n`)
  voice.value({ out: options.out })
  voice.say(words.built, { out: options.out })
  return exitCodes.fine
}

export interface DelegateOptions extends Window {
  readonly name: string
  readonly nameEn?: string
  readonly key: string
  readonly id?: string
  readonly occupation: readonly string[]
  readonly grade: readonly string[]
  readonly region?: string
  readonly publishes?: string
  readonly out: string
}

/** A draft that names another authority: its key comes as a Multikey, a did:key, or a key file of its own. */
export const delegateTrust: Command<DelegateOptions, []> = async ({ voice, options, io }) => {
  const multikey = options.key.replace(/^did:key:/, '')
  const key = fromMultikey(multikey)
  if (key === null) throw new CertificateError('cli.multikey_malformed', { text: options.key })
  const id = options.id ?? `did:key:${multikey}`
  if (!isDid(id)) throw new CertificateError('workspace.did_malformed', { did: id })
  const stray = options.grade.find((grade) => !gradeCodes.includes(grade as GradeCode))
  if (stray !== undefined) throw new CertificateError('cli.grade_unknown', { text: stray })
  const random = io.random ?? systemRandom
  const delegate: DelegatedAuthority = {
    id,
    labels: {
      'zh-Hans': options.name,
      ...(options.nameEn !== undefined && { en: options.nameEn }),
    },
    standing: 'active',
    keys: [{ thumbprint: thumbprint(key), multikey }],
    scopes: [
      {
        occupations:
          options.occupation.length > 0 ? options.occupation : knownOccupations.map(({ code }) => code),
        grades: options.grade.length > 0 ? (options.grade as readonly GradeCode[]) : gradeCodes,
        ...(options.region !== undefined && { region: options.region }),
        ...windowOf(options),
      },
    ],
    publishes: options.publishes ?? uuidUrn(random('delegated-list')),
  }
  const draft: Draft = { id: uuidUrn(random('trust-list')), sequence: 1, agencies: [], delegates: [delegate] }
  await writeFileWhole(options.out, `${JSON.stringify(draft, null, 2)}\n`)
  voice.value({ out: options.out, id, publishes: delegate.publishes })
  voice.say(words.built, { out: options.out })
  return exitCodes.fine
}

export interface SignTrustOptions {
  readonly key: string
  readonly out: string
  readonly days: string
  readonly nextDays?: string
  readonly previous?: string
  readonly parent?: string
  readonly remove: readonly string[]
  readonly on?: string
}

export const signTrust: Command<SignTrustOptions, [drafts: readonly string[]]> = async (call, paths) => {
  const { voice, options, io } = call
  const now = clockOf(call)
  const days = daysOf(options.days)
  const authority = await readKey('.', options.key)
  const drafts = await Promise.all(paths.map(readDraft))
  const root = { id: authority.controller, ...(isDidKey(authority) ? {} : { keys: [authority.multikey] }) }
  const previous =
    options.previous === undefined ? undefined : await previousOf(options.previous, root, authority)
  const parent = options.parent === undefined ? undefined : await parentOf(options.parent, authority, now)
  const { did, on } = { did: options.remove, on: dateOption(options.on) }
  const removals = did.map((id): Removal => ({ id: id as Did, on: on ?? todayOf(now) }))
  const list = nextList({
    issuer: authority.controller as Did,
    drafts,
    previous,
    removals,
    id: parent?.delegate.publishes,
    validFrom: now,
    validUntil: later(now, days * 86_400),
    ...(options.nextDays !== undefined && { nextUpdate: later(now, daysOf(options.nextDays) * 86_400) }),
  })
  if (list === null) throw new CertificateError('trust.nothing_to_sign')
  const unknown = removals.find(
    ({ id }) => ![...list.agencies, ...list.delegates].some((one) => one.id === id),
  )
  if (unknown !== undefined) throw new CertificateError('trust.entry_unknown', { id: unknown.id })
  const unsigned = trustListCredential(list)
  if (readTrustList(unsigned) === null)
    throw new CertificateError('trust.draft_malformed', { path: paths.join(', ') })
  const fault = draftFault(list, parent?.delegate.scopes)
  if (fault !== null) throw new CertificateError(fault.code, { id: fault.id })
  const signed = await addProof(unsigned, {
    signer: authority,
    suite: suiteFor(authority.algorithm, 'jcs'),
    created: now,
    id: uuidUrn((io.random ?? systemRandom)(`trust-list-proof/${list.id}/${list.sequence}`)),
    contexts: contextTable(),
  })
  await writeFileWhole(
    options.out,
    trustFileText(
      parent === undefined
        ? { roots: [root], lists: [signed] }
        : { roots: parent.trust.roots, lists: [...parent.trust.lists, signed] },
    ),
  )
  voice.value({ out: options.out, id: list.id, sequence: list.sequence, authority: authority.controller })
  voice.say(words.signed, { sequence: list.sequence, did: authority.controller, out: options.out })
  return exitCodes.fine
}

const isDidKey = ({ controller }: GeneratedSigner): boolean => controller.startsWith('did:key:')

function daysOf(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1 || days > 3660)
    throw new CertificateError('cli.days_malformed', { text })
  return days
}

/** The newest of the authority's own lists in a file, whether still in force or not. */
async function previousOf(
  path: string,
  root: Trust['roots'][number],
  { controller: did }: GeneratedSigner,
): Promise<AuthenticList> {
  const { lists } = await readFrom(path, readTrust)
  const own: AuthenticList[] = []
  for (const list of lists) {
    const { validFrom } = list as JsonObject
    const moment =
      typeof validFrom === 'string' ? (validFrom as Instant) : ('2000-01-01T00:00:00Z' as Instant)
    own.push(...(await trustedLists({ roots: [root], lists: [list] }, [], moment)).current)
  }
  const newest = own.toSorted((a, b) => b.list.sequence - a.list.sequence)[0]
  if (newest === undefined) throw new CertificateError('trust.previous_not_own', { path, did })
  return newest
}

/** The entry that lets this authority list agencies. */
async function parentOf(
  path: string,
  { controller: did }: GeneratedSigner,
  now: Instant,
): Promise<{ readonly trust: Trust; readonly delegate: DelegatedAuthority }> {
  const trust = await readFrom(path, readTrust)
  const { current } = await trustedLists(trust, [], now)
  const delegate = current.flatMap(({ list }) => list.delegates).find(({ id }) => id === did)
  if (delegate === undefined) throw new CertificateError('trust.not_a_delegate', { path, did })
  return { trust, delegate }
}

export const checkTrust: Command<object, [path: string]> = async (call, path) => {
  const { voice } = call
  const now = clockOf(call)
  const trust = await readFrom(path, readTrust)
  const { current, unusable } = await trustedLists(trust, [], now)
  for (const { list, digest, path: steps } of current) {
    voice.value({
      list: list.id,
      sequence: list.sequence,
      trial: list.trial,
      authority: list.issuer,
      digest,
      through: steps.map(({ delegate }) => delegate.id),
      agencies: list.agencies,
      delegates: list.delegates,
    })
    voice.say(list.trial ? words.trial : words.counts, {
      id: list.id,
      sequence: list.sequence,
      did: list.issuer,
    })
    if (list.nextUpdate !== undefined && epoch(list.nextUpdate) < epoch(now)) {
      voice.say(words.overdue, { at: list.nextUpdate })
    }
    for (const { labels, id, standing } of list.agencies)
      voice.line(visible(`  ${labels['zh-Hans']}  ${id}  ${standing}`))
    for (const { labels, id, standing, publishes } of list.delegates)
      voice.line(visible(`  → ${labels['zh-Hans']}  ${id}  ${standing}  ${publishes}`))
  }
  for (const { id, sequence, fault } of unusable) {
    voice.value({ list: id, ...(sequence !== undefined && { sequence }), fault })
    voice.say(words.unusable, { id, fault })
  }
  const believed =
    new Set(current.map(({ digest }) => digest)).size +
    unusable.filter(({ sequence }) => sequence !== undefined).length
  if (believed < trust.lists.length) voice.say(words.foreign, { count: trust.lists.length - believed })
  return current.length === 0 ? exitCodes.undetermined : exitCodes.fine
}

async function readDraft(path: string): Promise<Draft> {
  const parsed = parseJson(new Uint8Array(await readGiven(path)), { maxBytes: 33_554_432 })
  const draft = parsed.ok ? draftIn(parsed.value) : null
  if (draft === null) throw new CertificateError('trust.draft_malformed', { path })
  return draft
}

const words = {
  built: {
    en: 'A draft is in {out}: edit occupations, grades, region and dates; the authority signs it with `gradecert trust sign`.',
    zh: '草稿已写入 {out}：请核对职业、等级、地区和日期；由主管机构用 `gradecert trust sign` 签署。',
  },
  signed: {
    en: 'Number {sequence}, signed by {did}, is in {out}.',
    zh: '第 {sequence} 号列表已由 {did} 签署，写入 {out}。',
  },
  counts: { en: '{id}, number {sequence}, signed by {did}', zh: '{id}，第 {sequence} 号，签署者 {did}' },
  trial: {
    en: '{id}, number {sequence}, signed by {did}: a TRIAL list',
    zh: '{id}，第 {sequence} 号，签署者 {did}（试用列表）',
  },
  overdue: { en: '  a newer number was due on {at}', zh: '  应于 {at} 更新' },
  unusable: { en: '{id} does not count now: {fault}', zh: '{id} 目前不可用：{fault}' },
  foreign: {
    en: '{count} lists lead back to no root of this file, or are replaced by newer numbers, and do not count.',
    zh: '{count} 个列表无法追溯到本文件的根，或已被更新的编号取代，不予采信。',
  },
} as const
