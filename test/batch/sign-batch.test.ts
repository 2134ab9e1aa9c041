/** An agency's word on a batch: given only for what its own key signed. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { collectBatch, textsIn } from '../../src/batch/anchor-batch.ts'
import { saltsOf } from '../../src/batch/anchor-store.ts'
import { type BatchSigning, signBatch } from '../../src/batch/sign-batch.ts'
import { batchStatements } from '../../src/issue/batch-statements.ts'
import { openWorkspace } from '../../src/issue/workspace.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { gradecert, shortExport, temporaryFolder } from '../cli/terminal.ts'
import { type Loose, sceneOf, sign, stranger } from '../verify/scene.ts'

const now = '2026-01-20T00:00:00Z' as Instant

/** A workspace that issued some certificates; `put` writes more into its folder. */
async function scene({ site = false, suite = 'eddsa-rdfc-2022' } = {}) {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  const did = site ? ['--did', 'web:agency.example'] : []
  await gradecert(['init', dir, '--name', '示例评价机构', ...did])
  if (site) {
    const settings = JSON.parse(await readFile(`${dir}/gradecert.json`, 'utf8'))
    const contextUrl = 'https://agency.example/contexts/gradecert-v1.json'
    await writeFile(`${dir}/gradecert.json`, JSON.stringify({ ...settings, contextUrl }))
  }
  const results = await shortExport(folder, 4)
  expect((await gradecert(['issue', results, '--dir', dir, '--suite', suite])).code).toBe(0)
  const workspace = await openWorkspace(dir)
  workspace.registry.close()
  const out = `${dir}/out`
  const put = (name: string, document: Loose) => writeFile(`${out}/${name}`, JSON.stringify(document))
  const signed = async (signer = workspace.signer): Promise<BatchSigning> => {
    const batch = await collectBatch(textsIn(out), { dir, salt: saltsOf(workspace.secret), now })
    return signBatch(batch!, { workspace: { ...workspace, signer }, folder: out, now })
  }
  const count = (await readdir(out)).length
  return { dir, workspace, put, signed, count }
}

test.each([
  ['with our context under its own address', { site: true }],
  ['of another suite', { suite: 'eddsa-jcs-2022' }],
  ['as tokens', { suite: 'vc+jwt' }],
])('certificates %s are signed for', async (_what, options) => {
  const { dir, signed, count } = await scene(options)
  const signing = await signed()
  expect(signing).toMatchObject({ ok: true, document: { type: 'GradecertBatchStatement', size: count } })
  expect(await batchStatements(dir)).toMatchObject([signing.ok ? { document: signing.document } : {}])
})

test('what names the key and is not signed by it stops the statement', async () => {
  const { dir, workspace, put, signed } = await scene()
  const { verificationMethod } = workspace.signer
  const { proof: _, ...document } = JSON.parse((await sceneOf(workspace.signer)).text)
  await put('forged.json', await sign(document, { ...stranger, verificationMethod }))
  expect(await signed()).toEqual({ ok: false, fault: 'member_not_verified', file: 'forged.json' })
  expect(await batchStatements(dir)).toEqual([])
})

test('what names another key is no matter of this one, and goes by its signature', async () => {
  const { put, signed, count } = await scene()
  await put('foreign.json', JSON.parse((await sceneOf(stranger)).text))
  expect(await signed()).toMatchObject({ ok: true, document: { size: count + 1 } })
})

test('a batch of which the key signed nothing is not signed for', async () => {
  const { signed } = await scene()
  const other = signerOfSeed(new Uint8Array(32).fill(44))
  expect(await signed(other)).toEqual({ ok: false, fault: 'no_member_of_this_key' })
})

test('a statement that stands in another batch is refused when it is read', async () => {
  const { dir, signed } = await scene()
  const signing = await signed()
  const [{ commitment }] = (await batchStatements(dir)) as unknown as [{ commitment: string }]
  const path = `${dir}/anchors/${commitment.slice(0, 16)}/statement.json`
  const altered = { ...(signing.ok && signing.document), commitment: `sha-256:${'A'.repeat(43)}` }
  await writeFile(path, JSON.stringify(altered))
  await expect(batchStatements(dir)).rejects.toMatchObject({ code: 'anchor.file_malformed' })
})
