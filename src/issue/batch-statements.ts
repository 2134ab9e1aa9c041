/** Where a workspace keeps its statements on batches: beside the members of each, in `anchors/`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readStatement } from '../anchor/batch-statement.ts'
import { toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'

export const anchorsFolder = 'anchors'
const statementFile = 'statement.json'

export const batchFolders = async (dir: string): Promise<readonly string[]> =>
  (await readdir(join(dir, anchorsFolder)).catch(() => []))
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .toSorted()

/** The statement on one batch, signed; `null` where it was never signed. @throws `anchor.file_malformed` */
export async function readBatchStatement(dir: string, batch: string): Promise<JsonObject | null> {
  const path = join(dir, anchorsFolder, batch, statementFile)
  const bytes = await readFileBounded(path).catch((cause: { code?: string }) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (bytes === null) return null
  const parsed = parseJson(new Uint8Array(bytes))
  const document = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  if (commitmentIn(document)?.startsWith(batch)) return document
  throw new CertificateError('anchor.file_malformed', { kind: 'statement on a batch', what: path })
}

/** Keeps a statement for good. */
export const keepBatchStatement = (dir: string, batch: string, document: JsonObject): Promise<void> =>
  writeFileWhole(join(dir, anchorsFolder, batch, statementFile), `${JSON.stringify(document)}\n`, {
    durable: true,
  })

/** All statements of a workspace, each with the name that it is published under. */
export async function batchStatements(
  dir: string,
): Promise<readonly { readonly commitment: string; readonly document: JsonObject }[]> {
  const names = await batchFolders(dir)
  const documents = await Promise.all(names.map((name) => readBatchStatement(dir, name)))
  return documents.flatMap((document) => {
    const commitment = document === null ? null : commitmentIn(document)
    return document === null || commitment === null ? [] : [{ commitment, document }]
  })
}

/** Hex of the commitment of a statement in order, whoever signed it. */
function commitmentIn({ proof: _, ...unsigned }: JsonObject): string | null {
  const statement = readStatement(unsigned)
  return statement === null ? null : toHex(statement.commitment)
}
