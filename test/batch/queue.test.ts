import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { toBase58 } from '../../src/base/bytes.ts'
import { jobFormat, signingJob } from '../../src/batch/signing-job.ts'
import { clock, gradecert, temporaryFolder } from '../cli/terminal.ts'
import { collect } from '../registry/drafts.ts'
import { agency, found, issue, opened, queueOf, server, sql, work } from './fleet.ts'

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!server.isHere)('several machines that sign one batch', () => {
  test('are told of entries and nothing of what they say', async () => {
    const { url, dir, results } = await agency(130)
    const sent = await issue(results, dir, '--no-wait')
    expect([sent.code, sent.lines]).toEqual([0, [{ queued: 130, jobs: 2 }]])
    const jobs = await sql(
      url,
      'select data, singleton_key, output from gradecert_queue.job order by created_on',
    )
    expect(jobs.map(({ data }) => data.entries.length)).toEqual([128, 2])
    for (const { data, ...more } of jobs) {
      expect({ ...data, ...more }).toEqual({
        format: jobFormat,
        entries: expect.any(Array),
        singleton_key: null,
        output: null,
      })
      for (const [id, seal] of data.entries) {
        expect(id).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
        expect(seal).toMatch(/^[A-Za-z0-9_-]{22}$/)
      }
    }
    // Sent again it is the same batch.
    expect((await issue(results, dir, '--no-wait')).lines).toEqual([{ queued: 130, jobs: 2 }])
    expect((await work(dir, '--status')).lines).toEqual([
      { waiting: 130, running: 0, done: 0, dead: 0, workers: [], deadLetters: [] },
    ])
    const once = await work(dir, '--once')
    expect(once.lines.at(-1)).toEqual({ summary: { jobs: 1, signed: 128, known: 0, dead: 0 } })
    const rest = await work(dir, '--until-empty', '--concurrency', '2')
    expect([rest.code, rest.lines.at(-1)]).toEqual([
      0,
      { summary: { jobs: 1, signed: 2, known: 0, dead: 0 } },
    ])
    expect((await issue(results, dir)).lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 130 })
  }, 30_000)

  test('put aside what cannot be signed with the reason, sign the rest, and try again when asked', async () => {
    const { folder, url, dir, results } = await agency(40)
    const out = `${folder}/all.zip`
    await issue(results, dir, '--no-wait')
    const [altered, spoilt] = await sql(
      url,
      'select id, certificate from gradecert.entry order by position limit 2',
    )
    const put = ({ id }: { id: string }, certificate: string) =>
      sql(url, 'update gradecert.entry set certificate = $2 where id = $1', [id, certificate])
    await put(altered, JSON.stringify({ ...JSON.parse(altered.certificate), region: 'CN-SH' }))
    await put(spoilt, spoilt.certificate.slice(0, -1))

    const worked = await work(dir, '--until-empty')
    const faults = [
      { id: altered.id, code: 'batch.entry_altered' },
      { id: spoilt.id, code: 'batch.entry_unreadable' },
    ]
    expect(worked.lines[0]).toMatchObject({ signed: 38, known: 0, faults })
    expect([worked.code, worked.lines.at(-1)]).toEqual([
      1,
      { summary: { jobs: 1, signed: 38, known: 0, dead: 2 } },
    ])
    const status = await work(dir, '--status')
    expect([status.code, status.lines[0]]).toMatchObject([1, { waiting: 0, running: 0, dead: 2 }])
    expect(status.lines[0].deadLetters).toEqual(
      faults.map(({ id, code }) => ({ ids: [id], code, at: expect.any(String) })),
    )

    await put(spoilt, spoilt.certificate)
    const refused = await issue(results, dir, '--out', out)
    expect([refused.code, refused.err]).toEqual([70, expect.stringContaining('batch.dead_letters')])
    expect(refused.err).toContain('batch.entry_altered')
    expect(() => readFileSync(out)).toThrow('ENOENT')

    expect((await work(dir, '--retry-dead')).lines).toEqual([{ retried: 2 }])
    expect((await work(dir, '--until-empty')).lines.at(-1)).toEqual({
      summary: { jobs: 2, signed: 1, known: 0, dead: 1 },
    })
    await put(altered, altered.certificate)
    expect((await work(dir, '--retry-dead', '--status')).lines).toMatchObject([
      { retried: 1 },
      { waiting: 1, dead: 0 },
    ])
    expect((await work(dir, '--until-empty')).lines.at(-1).summary).toMatchObject({ signed: 1, dead: 0 })
    const issued = await issue(results, dir, '--out', out)
    expect([issued.code, issued.lines.at(-1).summary.already_issued]).toEqual([0, 40])
  }, 30_000)

  test('sign nothing that the workspace did not hand over', async () => {
    const { url, dir, results } = await agency(3)
    const workspace = await opened(dir)
    const queue = await queueOf(url, workspace)
    await issue(results, dir, '--no-wait')
    await queue.take() // what was handed over is with another machine
    const entries = await collect(workspace.registry.entries())
    const stranger = { ...workspace, secret: new Uint8Array(32) }
    const forged = signingJob(entries, stranger)
    const malformed = { ...forged, id: crypto.randomUUID(), data: { ...forged.data, more: true } }
    const absent = signingJob([{ ...(entries[0] as (typeof entries)[0]), id: 'urn:x:absent' }], workspace)
    await queue.send([forged, malformed, absent])
    for (const _ of [1, 2, 3]) await work(dir, '--once')
    expect((await collect(workspace.registry.entries())).map(({ text }) => text)).toEqual([null, null, null])
    expect((await queue.deadLetters()).map(({ code, entries }) => [code, entries.length]).toSorted()).toEqual(
      [
        ['batch.entry_altered', 3],
        ['batch.job_malformed', 1],
        ['registry.not_reserved', 1],
      ],
    )
  }, 30_000)

  test('get the job of a machine that went silent, which then has no say in it', async () => {
    const { url, dir, results } = await agency(2)
    const workspace = await opened(dir)
    const silent = await queueOf(url, workspace, { lease: 1, retries: 1 })
    const other = await queueOf(url, workspace)
    expect((await issue(results, dir, '--no-wait', '--lease', '1')).code).toBe(0)
    const first = await found(silent.take)
    expect(await other.take()).toBeNull()
    const second = await found(other.take)
    expect(second).toEqual({ ...first, retryCount: 1 })
    await silent.done(first)
    expect(await other.tally()).toEqual({ waiting: 0, running: 2, done: 0, dead: 0 })
    await other.done(second)
    expect(await silent.tally()).toEqual({ waiting: 0, running: 0, done: 2, dead: 0 })
  }, 30_000)

  test('give up a job that fails again and again, and say why', async () => {
    const { url, dir, results } = await agency(2)
    const workspace = await opened(dir)
    await issue(results, dir, '--no-wait')
    const entries = await collect(workspace.registry.entries())
    const queue = await queueOf(url, workspace, { lease: 1, retries: 0 })
    await queue.take() // as it was sent first
    await queue.send([signingJob(entries.slice(0, 1), workspace), signingJob(entries.slice(1), workspace)])
    await queue.giveBack(await found(queue.take), 'registry.unusable')
    await queue.take() // and nothing is heard of it
    await found(async () => (await queue.tally()).dead === 2)
    expect((await queue.deadLetters()).map(({ code, entries }) => [code, entries.length])).toEqual([
      ['registry.unusable', 1],
      ['batch.job_lost', 1],
    ])
  }, 30_000)

  test('leave alone what a machine of another version handed over', async () => {
    const { dir, results } = await agency(2)
    const workspace = await opened(dir)
    await issue(results, dir, '--no-wait')
    await workspace.registry.keepPublished('workers', JSON.stringify({ format: jobFormat + 1 }))
    for (const answer of [await work(dir, '--until-empty'), await issue(results, dir)])
      expect([answer.code, answer.err]).toEqual([70, expect.stringContaining('batch.queue_of_other_version')])
    expect((await work(dir, '--status')).lines[0]).toMatchObject({ waiting: 2, running: 0, done: 0, dead: 0 })
  }, 30_000)

  test('refuse to sign with a key or a secret that is not that of the batch', async () => {
    const { folder, dir, results } = await agency(2, '--did', 'web:agency.example')
    const [older, foreign] = [`${folder}/older`, `${folder}/foreign`]
    for (const copy of [older, foreign]) cpSync(dir, copy, { recursive: true })
    writeFileSync(`${foreign}/keys/workspace-secret.txt`, `${toBase58(new Uint8Array(32).fill(7))}\n`)
    expect((await gradecert(['keys', 'rotate', '--dir', dir, '--at', clock])).code).toBe(0)
    expect((await issue(results, dir, '--no-wait')).code).toBe(0)
    for (const answer of [
      await work(older, '--until-empty'),
      await work(foreign, '--until-empty'),
      await issue(results, older, '--no-wait'),
    ])
      expect([answer.code, answer.err]).toEqual([74, expect.stringContaining('batch.worker_of_another_key')])
    expect((await work(dir, '--until-empty')).lines.at(-1).summary).toMatchObject({ signed: 2, dead: 0 })
  }, 30_000)
})

test('a registry in a file has no queue', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const refused = await gradecert(['worker', '--dir', dir])
  expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('batch.queue_needs_postgres')])
})
