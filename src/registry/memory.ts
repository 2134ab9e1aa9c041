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
  transitions,
} from './registry.ts'

export function memoryRegistry(): Registry {
  const byId = new Map<string, Entry>()
  const byKey = new Map<string, string>()
  const changes: RecordedChange[] = []
  const texts = new Map<string, string>()
  const numbered = (number: string) => [...byId.values()].filter((entry) => entry.number === number)
  const put = (entry: Entry) => byId.set(entry.id, entry)

  return {
    async reserve(key, draft) {
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
      return { entry, fresh: true }
    },
    async complete(id, text) {
      const entry = byId.get(id)
      if (entry === undefined) throw new CertificateError('registry.not_reserved', { id })
      put({ ...entry, text })
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
