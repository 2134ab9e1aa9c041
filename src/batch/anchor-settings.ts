/** Where a workspace anchors: logs and chains under names of the agency's own, in `anchors.json`. */
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { type ChainId, isChainId } from '../anchor/anchor.ts'
import { CertificateError } from '../base/errors.ts'
import { isEndpoint } from '../base/exchange.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { parseJson } from '../base/json.ts'

/** One place where commitments go. Paths are relative to the workspace. */
export type AnchorSetting =
  | {
      readonly kind: 'tlog'
      /** The log's folder, made by `log init`. */
      readonly log: string
      /** A c2sp.org/tlog-policy: which witnesses are enough. */
      readonly policy: string
      readonly witnesses: readonly string[]
    }
  | { readonly kind: 'ots'; readonly calendars: readonly string[]; readonly minimum: number }
  | {
      readonly kind: 'evm'
      readonly chain: ChainId
      readonly rpc: string
      /** A key file, made by `anchor key`. */
      readonly key: string
      /** Blocks that make a transaction final where the chain has no finality of its own. */
      readonly depth?: number | undefined
    }
  | { readonly kind: 'bitcoin'; readonly chain: ChainId }

export type AnchorSettings = Readonly<Record<string, AnchorSetting>>

export const anchorSettingsFile = 'anchors.json'

/** The settings of a workspace; none where there is no file. @throws `anchor.file_malformed` */
export async function readAnchorSettings(dir: string): Promise<AnchorSettings> {
  const path = resolve(dir, anchorSettingsFile)
  const bytes = await readFileBounded(path).catch((error: { readonly code?: string }) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (bytes === null) return {}
  const parsed = parseJson(new Uint8Array(bytes))
  const read = parsed.ok ? settingsSchema.safeParse(parsed.value) : null
  if (!read?.success) {
    const what = read === null ? 'not JSON' : (read.error.issues[0]?.path.join('/') ?? '')
    throw new CertificateError('anchor.file_malformed', { kind: anchorSettingsFile, what })
  }
  return read.data.anchors as AnchorSettings
}

/** Adds a place, or puts another under its name. @throws `anchor.setting_refused` */
export async function keepAnchorSetting(dir: string, name: string, setting: AnchorSetting): Promise<void> {
  const all = { ...(await readAnchorSettings(dir)), [name]: setting }
  const checked = settingsSchema.safeParse({ version: 1, anchors: all })
  if (!checked.success) {
    throw new CertificateError('anchor.setting_refused', {
      name,
      what: checked.error.issues[0]?.path.slice(2).join('/') || 'name',
    })
  }
  const text = `${JSON.stringify({ version: 1, anchors: all }, null, 2)}\n`
  await writeFileWhole(resolve(dir, anchorSettingsFile), text, { durable: true })
}

const path = z.string().check(z.minLength(1), z.maxLength(1000))
const url = z.string().check(z.refine(isEndpoint, 'https, or http to this machine'))
const chain = z.string().check(z.refine(isChainId, 'a CAIP-2 id'))

const settingsSchema = z.strictObject({
  version: z.literal(1),
  anchors: z.record(
    z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/)),
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('tlog'),
        log: path,
        policy: path,
        witnesses: z.array(url).check(z.maxLength(64)),
      }),
      z.strictObject({
        kind: z.literal('ots'),
        calendars: z.array(url).check(z.minLength(1), z.maxLength(16)),
        minimum: z.int().check(z.gte(1), z.lte(16)),
      }),
      z.strictObject({
        kind: z.literal('evm'),
        chain,
        rpc: url,
        key: path,
        depth: z.optional(z.int().check(z.gte(1), z.lte(10_000))),
      }),
      z.strictObject({ kind: z.literal('bitcoin'), chain }),
    ]),
  ),
})
