/** A list for trying things out: a trial authority recognises the agency for everything, and says that it is a trial. */
import { join } from 'node:path'
import { writeFileWhole } from '../base/files.ts'
import { type CalendarDate, epochOf, type Instant, instantAt, startOfDay } from '../base/instant.ts'
import { gradeCodes } from '../certificate/grade.ts'
import { knownOccupations } from '../certificate/occupation.ts'
import { contextTable } from '../credential/contexts.ts'
import { thumbprint } from '../key/public-key.ts'
import type { GeneratedSigner } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { trustedLists } from '../trust/chain.ts'
import type { HistoryKey } from '../trust/key-history.ts'
import { readTrust, trustFileText } from '../trust/trust.ts'
import { type TrustedKey, type TrustList, trustListCredential } from '../trust/trust-list.ts'
import { type Random, systemRandom, uuidUrn } from './random.ts'
import { readExisting, readKey, type Settings, type Workspace, workspaceFiles } from './workspace.ts'

/** The trust file of a new workspace. */
export async function trialTrust(
  {
    settings,
    signer,
    authority,
    random,
  }: {
    readonly settings: Settings
    readonly signer: GeneratedSigner
    readonly authority: GeneratedSigner
    readonly random: Random
  },
  {
    from,
    now = instantAt(Date.now()),
  }: { readonly from?: CalendarDate | undefined; readonly now?: Instant | undefined },
): Promise<string> {
  const { did, labels, uscc, region, zone } = settings
  const list: TrustList = {
    id: uuidUrn(random('trust-list')),
    issuer: authority.controller,
    sequence: 1,
    trial: true,
    delegates: [],
    agencies: [
      {
        id: did,
        code: uscc,
        labels,
        standing: 'active',
        keys: [
          {
            thumbprint: thumbprint(signer.publicKey),
            ...(from !== undefined && { from: instantAt(epochOf(startOfDay(from, zone)) as number) }),
          },
        ],
        scopes: [
          {
            occupations: knownOccupations.map(({ code }) => code),
            grades: gradeCodes,
            region,
            ...(from !== undefined && { from }),
          },
        ],
        statusIssuers: [],
      },
    ],
  }
  return signedTrust(list, authority, { now, proofId: uuidUrn(random('trust-list-proof')) })
}

async function signedTrust(
  list: TrustList,
  authority: GeneratedSigner,
  { now, proofId }: { readonly now: Instant; readonly proofId: string },
): Promise<string> {
  const signed = await addProof(trustListCredential(list), {
    signer: authority,
    suite: 'eddsa-jcs-2022',
    created: now,
    id: proofId,
    contexts: contextTable(),
  })
  return trustFileText({ roots: [{ id: authority.controller }], lists: [signed] })
}

/** The rows of an agency's keys for a list of its authority. The first key's window is open at its start. */
export const keyRows = (keys: readonly HistoryKey[]): readonly TrustedKey[] =>
  keys.map(({ thumbprint: print, from, until, compromisedSince }, i) => ({
    thumbprint: print,
    ...(i > 0 && from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(compromisedSince !== undefined && { compromisedSince }),
  }))

/**
 * Takes what became of the keys into the workspace's own trial list, as its next number. `false` where its list is an
 * authority's, who has to be told.
 */
export async function renewTrialList(
  { dir, settings, keys }: Pick<Workspace, 'dir' | 'settings' | 'keys'>,
  {
    now = instantAt(Date.now()),
    random = systemRandom,
  }: { readonly now?: Instant; readonly random?: Random },
): Promise<boolean> {
  const authority = await readKey(dir, workspaceFiles.authorityKey).catch(() => null)
  const trust = readTrust(await readExisting(dir, workspaceFiles.trust))
  const { current } = await trustedLists(trust, [], now)
  const trial = current.find(({ list }) => list.trial && list.issuer === authority?.controller)
  if (trial === undefined || authority === null) return false
  const { list, digest } = trial
  const next: TrustList = {
    ...list,
    sequence: list.sequence + 1,
    previous: digest,
    agencies: list.agencies.map((agency) =>
      agency.id === settings.did ? { ...agency, keys: merged(agency.keys, keyRows(keys)) } : agency,
    ),
  }
  const proofId = uuidUrn(random(`trust-list-proof/${next.sequence}`))
  await writeFileWhole(
    join(dir, workspaceFiles.trust),
    await signedTrust(next, authority, { now, proofId }),
    {
      durable: true,
    },
  )
  return true
}

/** A window that the list opened stays as it was opened. */
const merged = (before: readonly TrustedKey[], after: readonly TrustedKey[]): readonly TrustedKey[] =>
  after.map((row) => {
    const from = row.from ?? before.find(({ thumbprint: print }) => print === row.thumbprint)?.from
    return { ...row, ...(from !== undefined && { from }) }
  })
