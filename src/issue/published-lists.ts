/** Status lists as they are published: signed and dated, and kept so that publishing again gives the same bytes. */
import { equalBytes, utf8, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { epoch, type Instant, instantAt, later } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { contextTable } from '../credential/contexts.ts'
import type { StatusPurpose } from '../credential/status-entry.ts'
import type { EvidenceItem } from '../evidence/evidence.ts'
import type { Registry, Standing } from '../registry/registry.ts'
import { addProof } from '../securing/add-proof.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { bitsOf, readStatusList, type StatusList, statusListCredential } from '../status/status-list.ts'
import {
  decodeStatuses,
  openTokenStatusList,
  signTokenStatusList,
  tokenStatuses,
  tokenStatusListClaims,
} from '../status/token-status-list.ts'
import { type Random, uuidUrn } from './random.ts'
import { indexesIn, listNumber, plannedLists, type SlotOrder } from './status-slots.ts'
import { listNames, listPath, slotOrder, tokenListNames, tokenListPath, type Workspace } from './workspace.ts'

export interface PublishedList {
  /** Below the published folder. */
  readonly path: string
  readonly text: string
  readonly item: EvidenceItem
  readonly freshUntil: Instant
}

export interface PublishedLists {
  readonly lists: readonly PublishedList[]
  readonly revoked: number
  readonly suspended: number
}

interface Moment {
  readonly now: Instant
  readonly random: Random
}

/** Signs every list that changed or has half of its life behind it. Both forms say what the one registry says. */
export async function publishedLists(workspace: Workspace, moment: Moment): Promise<PublishedLists> {
  const { registry } = workspace
  const order = slotOrder(workspace)
  const used = Math.max(1, plannedLists(0, await registry.nextSlot(), order).length)
  const shown = await shownIn(registry, order)
  const lists: PublishedList[] = []
  for (let number = 1; number <= used; number++) {
    const slots = shown.get(number) ?? none
    for (const purpose of ['revocation', 'suspension'] as const) {
      const set = slots[purpose].map(indexesIn(number, 'badge', order))
      lists.push(await bitstringList(workspace, { purpose, number, set }, moment))
    }
    const values = new Uint8Array(order.entries)
    const indexOf = indexesIn(number, 'sd-jwt', order)
    for (const purpose of ['suspension', 'revocation'] as const) {
      for (const slot of slots[purpose]) values[indexOf(slot)] = tokenValues[purpose]
    }
    lists.push(await tokenList(workspace, { number, values }, moment))
  }
  const total = (purpose: StatusPurpose) =>
    [...shown.values()].reduce((sum, slots) => sum + slots[purpose].length, 0)
  return { lists, revoked: total('revocation'), suspended: total('suspension') }
}

/** Which list shows a standing; a superseded credential is dead for good, so it stands where the revoked ones do. */
const purposeOf: Readonly<Partial<Record<Standing, StatusPurpose>>> = {
  revoked: 'revocation',
  superseded: 'revocation',
  suspended: 'suspension',
}

const tokenValues: Readonly<Record<StatusPurpose, number>> = {
  revocation: tokenStatuses.invalid,
  suspension: tokenStatuses.suspended,
}

type ShownSlots = Readonly<Record<StatusPurpose, number[]>>

const none: ShownSlots = { revocation: [], suspension: [] }

/** Slots of which something is to be said, by the number of their list and by purpose. */
async function shownIn(registry: Registry, order: SlotOrder): Promise<ReadonlyMap<number, ShownSlots>> {
  const shown = new Map<number, ShownSlots>()
  for await (const { slot, standing } of registry.standings()) {
    const purpose = purposeOf[standing]
    if (purpose === undefined) continue
    const number = listNumber(slot, order)
    const slots = shown.get(number) ?? { revocation: [], suspension: [] }
    shown.set(number, slots)
    slots[purpose].push(slot)
  }
  return shown
}

async function bitstringList(
  workspace: Workspace,
  {
    purpose,
    number,
    set,
  }: { readonly purpose: StatusPurpose; readonly number: number; readonly set: readonly number[] },
  { now, random }: Moment,
): Promise<PublishedList> {
  const { registry, signer, settings } = workspace
  const path = listPath(purpose, number)
  const url = listNames(workspace)(purpose, number)
  const freshUntil = later(now, settings.statusDays * 86_400)
  const unsigned = statusListCredential({
    id: url,
    issuer: settings.did,
    purpose,
    validFrom: now,
    validUntil: freshUntil,
    set,
    entries: slotOrder(workspace).entries,
  })
  const listOf = (document: JsonObject, text: string): PublishedList => ({
    path,
    text,
    item: { kind: 'status-list', url, document },
    freshUntil: String(document.validUntil) as Instant,
  })
  const kept = await registry.published(path)
  const before = kept === null ? null : parseJson(kept)
  if (kept !== null && before?.ok && isObject(before.value)) {
    // A list by a key that was replaced since would not be believed once that key is called stolen.
    const isOwn =
      isObject(before.value.proof) && before.value.proof.verificationMethod === signer.verificationMethod
    if (isOwn && saysTheSame(before.value, unsigned, now)) return listOf(before.value, kept)
  }
  const document = await addProof(unsigned, {
    signer,
    suite: suiteFor(signer.algorithm, 'jcs'),
    created: now,
    id: uuidUrn(random(`${path}/${now}`)),
    contexts: contextTable(),
  })
  const text = `${JSON.stringify(document)}\n`
  await registry.keepPublished(path, text)
  return listOf(document, text)
}

function saysTheSame(before: JsonObject, wanted: JsonObject, now: Instant): boolean {
  const list = readStatusList(withoutProof(before))
  const other = readStatusList(wanted)
  if (list === null || other === null || list.validUntil === null) return false
  const said = list.id === other.id && list.issuer === other.issuer && haveSameBits(list, other)
  return said && isInFirstHalf(list.validFrom, list.validUntil, now)
}

/** Another version of what packs them may give the same bits another text, which says nothing new. */
function haveSameBits(list: StatusList, other: StatusList): boolean {
  if (list.encodedList === other.encodedList) return true
  const [bits, others] = [bitsOf(list), bitsOf(other)]
  return bits.ok && others.ok && equalBytes(bits.bits, others.bits)
}

const isInFirstHalf = (fromMs: number, untilMs: number, now: Instant): boolean =>
  fromMs <= epoch(now) && epoch(now) < (fromMs + untilMs) / 2

function withoutProof({ proof: _, ...document }: JsonObject): Json {
  return document
}

async function tokenList(
  { registry, signer, settings, ...workspace }: Workspace,
  { number, values }: { readonly number: number; readonly values: Uint8Array },
  { now }: Moment,
): Promise<PublishedList> {
  const path = tokenListPath(number)
  const uri = tokenListNames({ settings, ...workspace })(number)
  const exp = later(now, settings.statusDays * 86_400)
  const claims = tokenStatusListClaims({ uri, issuer: settings.did, iat: now, exp, bits: statusBits, values })
  const kept = await registry.published(path)
  const before = kept === null ? null : openTokenStatusList(kept.trim())
  const isSame =
    before?.ok &&
    before.list.uri === uri &&
    before.list.issuer === settings.did &&
    before.list.bits === statusBits &&
    haveSameStatuses(before.list.lst, claims) &&
    before.key.by === 'method' &&
    before.key.url === signer.verificationMethod &&
    before.list.exp !== undefined &&
    isInFirstHalf(before.list.iat * 1000, before.list.exp * 1000, now)
  const text = isSame && kept !== null ? kept : `${await signTokenStatusList(claims, signer)}\n`
  if (text !== kept) await registry.keepPublished(path, text)
  return {
    path,
    text,
    item: { kind: 'token-status-list', url: uri, document: { id: uri, token: text.trim() } },
    freshUntil: isSame ? instantAt((before.list.exp as number) * 1000) : exp,
  }
}

/** Enough for valid, invalid and suspended. */
const statusBits = 2

function haveSameStatuses(lst: string, claims: JsonObject): boolean {
  const wanted = (claims.status_list as { readonly lst: string }).lst // made by `tokenStatusListClaims`
  if (lst === wanted) return true
  const [list, other] = [decodeStatuses(lst, statusBits), decodeStatuses(wanted, statusBits)]
  return list.ok && other.ok && equalBytes(list.statuses.bytes, other.statuses.bytes)
}

/**
 * A registry put back from an old copy knows less than what was published with a newer one: what stands there as revoked
 * stays so. @throws `publish.would_unrevoke`
 */
export async function refuseForgetting(path: string, { item, text }: PublishedList): Promise<void> {
  const bytes = await readFileBounded(path).catch(() => null)
  const standing = bytes === null ? null : utf8Text(new Uint8Array(bytes))
  if (standing === null) return
  const revokedIn = item.kind === 'token-status-list' ? revokedInToken : revokedInBitstring
  const [before, after] = [revokedIn(standing, item.url), revokedIn(text, item.url)]
  const count = before?.reduce((sum, bits, i) => sum + bitCount(bits & ~(after?.[i] ?? 0)), 0) ?? 0
  if (count > 0) throw new CertificateError('publish.would_unrevoke', { path, count })
}

const bitCount = (byte: number): number => byte.toString(2).replaceAll('0', '').length

/** A bit for each revoked entry of a list of this name; `null` for any other text. */
function revokedInBitstring(text: string, url: string): Uint8Array | null {
  const parsed = parseJson(utf8(text))
  const list = parsed.ok && isObject(parsed.value) ? readStatusList(withoutProof(parsed.value)) : null
  if (list === null || list.id !== url || !list.purposes.includes('revocation')) return null
  const bits = bitsOf(list)
  return bits.ok ? bits.bits : null
}

/** In values of two bits, 01 is revoked: the lower bit without the upper. */
function revokedInToken(text: string, url: string): Uint8Array | null {
  const opening = openTokenStatusList(text.trim())
  if (!opening.ok || opening.list.uri !== url || opening.list.bits !== statusBits) return null
  const decoded = decodeStatuses(opening.list.lst, statusBits)
  return decoded.ok ? decoded.statuses.bytes.map((byte) => byte & 0x55 & ~(byte >> 1)) : null
}
