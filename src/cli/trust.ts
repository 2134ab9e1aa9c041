/** `gradecert trust`: a draft from an agency, a list signed by the authority, and what a trust file says. */

import type { Did } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { later } from '../base/instant.ts'
import { isObject, parseJson } from '../base/json.ts'
import { gradeCodes } from '../certificate/grade.ts'
import { contextTable } from '../credential/contexts.ts'
import { systemRandom, uuidUrn } from '../issue/random.ts'
import { openWorkspace, readKey } from '../issue/workspace.ts'
import { thumbprint } from '../key/public-key.ts'
import { addProof } from '../securing/add-proof.ts'
import { readTrust, trustedLists, trustFileText } from '../trust/trust.ts'
import { readTrustList, type TrustList, trustListCredential } from '../trust/trust-list.ts'
import { type Command, clockOf, dateOption } from './command.ts'
import { exitCodes } from './output.ts'

/** What an authority edits: a list without its signature and its dates. */
type Draft = Pick<TrustList, 'id' | 'sequence' | 'agencies'>

export const buildTrust: Command<
  { readonly out: string; readonly from?: string; readonly until?: string },
  []
> = async (call) => {
  const { voice, options, io } = call
  const workspace = await openWorkspace(options.dir)
  workspace.registry.close()
  const { settings, catalogue, signer } = workspace
  const from = dateOption(options.from)
  const until = dateOption(options.until)
  const draft: Draft = {
    id: uuidUrn((io.random ?? systemRandom)('trust-list')),
    sequence: 1,
    agencies: [
      {
        id: settings.did,
        ...(settings.uscc !== undefined && { code: settings.uscc }),
        labels: settings.labels,
        standing: 'active',
        keys: [{ thumbprint: thumbprint(signer.publicKey) }],
        scopes: [
          {
            occupations: catalogue.occupations.map(({ code }) => code),
            grades: gradeCodes,
            region: settings.region,
            ...(from !== undefined && { from }),
            ...(until !== undefined && { until }),
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

export const signTrust: Command<
  { readonly key: string; readonly out: string; readonly days: string },
  [draft: string]
> = async (call, path) => {
  const { voice, options, io } = call
  const now = clockOf(call)
  const days = Number(options.days)
  if (!Number.isInteger(days) || days < 1 || days > 3660)
    throw new CertificateError('cli.days_malformed', { text: options.days })
  const authority = await readKey('.', options.key)
  const list = await readDraft(path)
  const unsigned = trustListCredential({
    ...list,
    issuer: authority.controller as Did,
    validFrom: now,
    validUntil: later(now, days * 86_400),
    trial: false,
  })
  if (readTrustList(unsigned) === null) throw new CertificateError('trust.draft_malformed', { path })
  const signed = await addProof(unsigned, {
    signer: authority,
    suite: 'eddsa-jcs-2022',
    created: now,
    id: uuidUrn((io.random ?? systemRandom)(`trust-list-proof/${list.sequence}`)),
    contexts: contextTable(),
  })
  const root = authority.controller.startsWith('did:key:') ? {} : { keys: [authority.multikey] }
  await writeFileWhole(
    options.out,
    trustFileText({ roots: [{ id: authority.controller, ...root }], lists: [signed] }),
  )
  voice.value({ out: options.out, id: list.id, sequence: list.sequence, authority: authority.controller })
  voice.say(words.signed, { sequence: list.sequence, did: authority.controller, out: options.out })
  return exitCodes.fine
}

export const checkTrust: Command<object, [path: string]> = async (call, path) => {
  const { voice } = call
  const trust = readTrust(new Uint8Array(await readFileBounded(path)))
  const { current, unusable } = await trustedLists(trust, [], clockOf(call))
  for (const { list, digest } of current) {
    voice.value({
      list: list.id,
      sequence: list.sequence,
      trial: list.trial,
      authority: list.issuer,
      digest,
      agencies: list.agencies,
    })
    voice.say(list.trial ? words.trial : words.counts, {
      id: list.id,
      sequence: list.sequence,
      did: list.issuer,
    })
    for (const agency of list.agencies)
      voice.line(`  ${agency.labels['zh-Hans']}  ${agency.id}  ${agency.standing}`)
  }
  for (const { list, fault } of unusable) {
    voice.value({ list: list.id, sequence: list.sequence, fault })
    voice.say(words.unusable, { id: list.id, sequence: list.sequence, fault })
  }
  const believed = current.length + unusable.length
  if (believed < trust.lists.length) voice.say(words.foreign, { count: trust.lists.length - believed })
  return current.length === 0 ? exitCodes.undetermined : exitCodes.fine
}

async function readDraft(path: string): Promise<Draft> {
  const parsed = parseJson(new Uint8Array(await readFileBounded(path)), { maxBytes: 33_554_432 })
  if (!parsed.ok || !isObject(parsed.value)) throw new CertificateError('trust.draft_malformed', { path })
  const { id, sequence, agencies } = parsed.value
  const isDraft =
    Array.isArray(agencies) &&
    agencies.every(
      (agency) =>
        isObject(agency) &&
        Array.isArray(agency.keys) &&
        Array.isArray(agency.scopes) &&
        Array.isArray(agency.statusIssuers),
    )
  if (!isDraft) throw new CertificateError('trust.draft_malformed', { path })
  // The signed form is read back with the strict schema before it is used, so the rest is checked there.
  return { id, sequence, agencies } as unknown as Draft
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
  unusable: {
    en: '{id}, number {sequence}, does not count now: {fault}',
    zh: '{id} 第 {sequence} 号目前不可用：{fault}',
  },
  foreign: {
    en: '{count} lists are not signed by a root of this file and do not count.',
    zh: '{count} 个列表未由本文件的根密钥签署，不予采信。',
  },
} as const
