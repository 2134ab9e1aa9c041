/** A registry that lives as long as its process: for programs that keep their own records, and for tests. */
import { CertificateError } from '../base/errors.ts'
import {
  changesBySuperseding,
  checkSuperseding,
  type Entry,
  entryFrom,
  isLive,
  type RecordedChange,
  type Registry,
  type Reservation,
  type Reserved,
  transitions,
} from './registry.ts'

export function memoryRegistry(): Registry {
  const byId = new Map<string, Entry>()
  const byKey = new Map<string, string>()
  const idsOf = new Map<string, readonly string[]>()
  const changes: RecordedChange[] = []
  const texts = new Map<string, string>()
  const numbered = (number: string) => (idsOf.get(number) ?? []).map((id) => byId.get(id) as Entry)
  const put = (entry: Entry) => byId.set(entry.id, entry)

  const settle = ({ key, draft }: Reservation): Reserved => {
    const known = byId.get(byKey.get(key) ?? '')
    if (known !== undefined) return { entry: known, fresh: false }
    const slot = byId.size
    const made = draft({ serial: slot + 1, slot })
    const live = numbered(made.number).find(({ standing }) => isLive(standing))
    if (byId.has(made.id)) throw new CertificateError('registry.number_taken', { number: made.number })
    checkSuperseding(made, live)
    const entry = entryFrom(made, { key, slot, standing: live?.standing ?? 'live' })
    if (live !== undefined) {
      const suspended =
        live.standing === 'suspended'
          ? changes.findLast(({ id, kind }) => id === live.id && kind === 'suspend')
          : undefined
      changes.push(...changesBySuperseding(made, suspended?.reason))
      put({ ...live, standing: 'superseded' })
    }
    put(entry)
    byKey.set(key, entry.id)
    idsOf.set(entry.number, [...(idsOf.get(entry.number) ?? []), entry.id])
    return { entry, fresh: true }
  }
  const unsettle = ({ id, key, number, replaces }: Entry): void => {
    byId.delete(id)
    byKey.delete(key)
    idsOf.set(
      number,
      (idsOf.get(number) ?? []).filter((other) => other !== id),
    )
    const before = byId.get(replaces ?? '')
    const wasSuspended = changes.some((change) => change.id === id && change.kind === 'suspend')
    if (before !== undefined) put({ ...before, standing: wasSuspended ? 'suspended' : 'live' })
  }
  const reserved = (id: string): Entry => {
    const entry = byId.get(id)
    if (entry === undefined) throw new CertificateError('registry.not_reserved', { id })
    return entry
  }
  const completed = (id: string, text: string): Entry => {
    const entry = reserved(id)
    return { ...entry, text: entry.text ?? text }
  }

  return {
    async reserve(key, draft) {
      return settle({ key, draft })
    },
    async reserveAll(reservations) {
      const changesBefore = changes.length
      const settled: Reserved[] = []
      try {
        for (const reservation of reservations) settled.push(settle(reservation))
        return settled
      } catch (error) {
        for (const { entry, fresh } of settled.reverse()) if (fresh) unsettle(entry)
        changes.length = changesBefore
        throw error
      }
    },
    async complete(id, text) {
      put(completed(id, text))
    },
    async completeAll(texts) {
      for (const { id } of texts) reserved(id)
      for (const { id, text } of texts) put(completed(id, text))
    },
    async entriesById(ids) {
      return [...new Set(ids)].map((id) => byId.get(id)).filter((entry) => entry !== undefined)
    },
    async findByNumber(number) {
      const found = numbered(number)
      return found.find(({ standing }) => isLive(standing)) ?? found.at(-1) ?? null
    },
    async entriesOf(number) {
      return numbered(number)
    },
    async *entries() {
      yield* [...byId.values()]
    },
    async *standings() {
      for (const { slot, standing } of [...byId.values()]) if (standing !== 'live') yield { slot, standing }
    },
    async nextSlot() {
      return byId.size
    },
    async changeStatus(id, change) {
      const entry = byId.get(id)
      if (entry === undefined) return { ok: false, standing: 'absent' }
      const standing = transitions[change.kind][entry.standing]
      if (standing === undefined) return { ok: false, standing: entry.standing }
      put({ ...entry, standing })
      changes.push({ ...change, id })
      return { ok: true, standing }
    },
    async *statusChanges() {
      yield* [...changes]
    },
    async published(name) {
      return texts.get(name) ?? null
    },
    async keepPublished(name, text) {
      texts.set(name, text)
    },
    close() {},
  }
}
