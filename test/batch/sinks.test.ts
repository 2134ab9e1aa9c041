import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { writeResults } from '../../bench/results.ts'
import type { Instant } from '../../src/base/instant.ts'
import { type BatchSummary, issueBatch } from '../../src/batch/issue-batch.ts'
import { signInWorkers } from '../../src/batch/signing.ts'
import { checkResults } from '../../src/issue/check-results.ts'
import { openWorkspace } from '../../src/issue/workspace.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { clock, gradecert, temporaryFolder } from '../cli/terminal.ts'

const seed = 'sinks'
const now = clock as Instant

/** A workspace, and an export of as many people as are asked for, all of whom pass. */
async function agencyWith(people: number) {
  const folder = await temporaryFolder()
  const results = `${folder}/results.csv`
  await writeResults(results, people)
  await gradecert(['init', `${folder}/agency`, '--name', '示例评价机构'], { seed })
  return { folder, results, dir: `${folder}/agency` }
}

const issueInto = (dir: string, results: string, ...options: string[]) =>
  gradecert(['issue', results, '--dir', dir, '--json', ...options], { seed })

describe('the certificates of a batch', () => {
  test.each(['all.jsonl', 'all.zip'])(
    'leave nothing behind in %s when who asked has had enough',
    async (out) => {
      const { folder, results, dir } = await agencyWith(300)
      const workspace = await openWorkspace(dir)
      const { records } = await checkResults([results], workspace, { now })
      for await (const { record } of issueBatch(records, { workspace, out: `${folder}/${out}`, now }))
        if (record === 3) break
      workspace.registry.close()
      expect(readdirSync(folder).toSorted()).toEqual(['agency', 'results.csv'])
      expect((await issueInto(dir, results, '--out', `${folder}/${out}`)).code).toBe(0)
      expect(existsSync(`${folder}/${out}`)).toBe(true)
    },
  )

  test('are not waited for where the threads that sign are gone, and fail at once', async () => {
    const { dir } = await agencyWith(1)
    const workspace = await openWorkspace(dir)
    workspace.registry.close()
    const signer = { ...workspace.signer, exportSecret: () => 'no key' } as GeneratedSigner
    const signing = signInWorkers({ ...workspace, signer }, 1)
    try {
      await expect(signing.sign([])).rejects.toMatchObject({ code: 'batch.worker_lost' })
      await expect(signing.sign([])).rejects.toMatchObject({ code: 'batch.worker_lost' })
    } finally {
      await signing.end()
    }
  })

  test('are the same in a folder, a JSONL and a zip, and verify in each', async () => {
    const { folder, results, dir } = await agencyWith(150)
    const first = await issueInto(dir, results, '--out', `${folder}/out`)
    expect([first.code, first.lines.at(-1).summary.issued]).toEqual([0, 150])
    const again = await issueInto(dir, results, '--out', `${folder}/all.jsonl`)
    expect([again.code, again.lines.at(-1).summary.already_issued]).toEqual([0, 150])
    expect(again.lines[0].files).toEqual([`${folder}/all.jsonl`])
    await issueInto(dir, results, '--out', `${folder}/all.zip`)

    const names = readdirSync(`${folder}/out`).sort()
    const texts = names.map((name) => readFileSync(`${folder}/out/${name}`, 'utf8'))
    const lines = readFileSync(`${folder}/all.jsonl`, 'utf8').split('\n')
    expect(lines.pop(), 'the last line ends too').toBe('')
    expect(lines.toSorted()).toEqual(texts.toSorted())
    const serials = lines.map((line) => JSON.parse(line).credentialSubject.licenseNumber.split('-')[5])
    expect(serials, 'in the order of the records').toEqual(serials.toSorted())
    const zipped = unzipSync(readFileSync(`${folder}/all.zip`))
    expect(Object.keys(zipped).toSorted()).toEqual(names)
    expect(names.map((name) => new TextDecoder().decode(zipped[name]))).toEqual(texts)

    await gradecert(['publish', '--dir', dir], { seed })
    const by = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`, '--json']
    for (const given of ['out', 'all.jsonl', 'all.zip']) {
      const judged = await gradecert(['verify', `${folder}/${given}`, ...by])
      expect([given, judged.code]).toEqual([given, 0])
      expect(judged.lines.map(({ verdict }) => verdict)).toEqual(Array(150).fill('valid'))
    }
    const verified = await gradecert(['verify', `${folder}/all.jsonl`, ...by])
    expect(verified.lines[1].file).toBe(`${folder}/all.jsonl:2`)
  })

  test('are the same bytes whether this thread signs or several do', async () => {
    const { folder, results, dir } = await agencyWith(400)
    cpSync(dir, `${folder}/other`, { recursive: true })
    expect((await issueInto(dir, results, '--out', `${folder}/one.jsonl`, '--concurrency', '1')).code).toBe(0)
    const several = await issueInto(
      `${folder}/other`,
      results,
      '--out',
      `${folder}/three.jsonl`,
      '--concurrency',
      '3',
    )
    expect(several.code).toBe(0)
    expect(readFileSync(`${folder}/three.jsonl`)).toEqual(readFileSync(`${folder}/one.jsonl`))
  })

  test('that are stopped between two blocks leave no half of a file, and go on when they are issued again', async () => {
    const { folder, results, dir } = await agencyWith(400)
    cpSync(dir, `${folder}/other`, { recursive: true })
    await issueInto(`${folder}/other`, results, '--out', `${folder}/whole.jsonl`)
    const out = `${folder}/all.jsonl`
    let stop = () => {}
    const interrupted = new Promise<void>((resolve) => {
      stop = resolve
    })
    const stopped = await gradecert(['issue', results, '--dir', dir, '--out', out, '--json'], {
      seed,
      interrupted: () => interrupted,
      saw: () => stop(),
    })
    const { isStopped, summary } = stopped.lines.at(-1)
    expect([stopped.code, isStopped, existsSync(out)]).toEqual([130, true, false])
    expect(stopped.err).toContain('Run the same command again')
    expect(summary.issued).toBeGreaterThan(0)
    expect(summary.issued).toBeLessThan(400)
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
    const again = await issueInto(dir, results, '--out', out)
    expect(again.lines.at(-1).summary).toMatchObject({
      issued: 400 - summary.issued,
      already_issued: summary.issued,
    })
    expect(readFileSync(out)).toEqual(readFileSync(`${folder}/whole.jsonl`))
  })

  test('end with the same bytes in one file, however often the process is killed', async () => {
    const { folder, results, dir } = await agencyWith(1200)
    cpSync(dir, `${folder}/reference`, { recursive: true })
    const started = performance.now()
    expect(await toItsEnd(`${folder}/reference`, results, `${folder}/reference.jsonl`)).toBe(0)
    const took = performance.now() - started
    const whole = readFileSync(`${folder}/reference.jsonl`)
    const out = `${folder}/all.jsonl`
    let kills = 0
    for (let round = 0; round < 5; round++) {
      if (await killedAfter(took * (0.3 + Math.random() * 0.6), dir, results, out)) kills++
      if (existsSync(out)) expect(readFileSync(out), 'there whole or not at all').toEqual(whole)
    }
    expect(kills).toBeGreaterThan(0)
    expect(await toItsEnd(dir, results, out)).toBe(0)
    expect(readFileSync(out)).toEqual(whole)
    const { registry } = await openWorkspace(dir)
    const slots: number[] = []
    for await (const { slot } of registry.entries()) slots.push(slot)
    registry.close()
    expect(slots).toEqual(Array.from({ length: 1200 }, (_, i) => i))
  }, 120_000)

  test('may come one by one, and a day before the exam is found in its block', async () => {
    const { folder, results, dir } = await agencyWith(300)
    const workspace = await openWorkspace(dir)
    const { records } = await checkResults([results], workspace, { now })
    async function* oneByOne() {
      yield* records
    }
    const summary = await toSummary(issueBatch(oneByOne(), { workspace, out: `${folder}/a.jsonl`, now }))
    expect(summary).toMatchObject({ issued: 300, isStopped: false })
    const early = { workspace, out: `${folder}/b.jsonl`, now, awardedOn: '2026-01-09' as never }
    await expect(toSummary(issueBatch(oneByOne(), early))).rejects.toMatchObject({
      code: 'issue.awarded_before_exam',
    })
    expect(existsSync(`${folder}/b.jsonl`)).toBe(false)
    workspace.registry.close()
  })

  test('with hidden fields are not put into one file', async () => {
    const { folder, results, dir } = await agencyWith(3)
    const refused = await issueInto(dir, results, '--out', `${folder}/all.zip`, '--form', 'both')
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('batch.one_file_of_badges')])
  })
})

describe('issuing many', () => {
  test('issues nothing where more records are refused than was allowed', async () => {
    const { folder, results, dir } = await agencyWith(3)
    writeFileSync(results, readFileSync(results, 'utf8').replace('赵伟伟', ''))
    const refused = await issueInto(dir, results, '--out', `${folder}/out`, '--max-errors', '0')
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('batch.too_many_errors')])
    expect(existsSync(`${folder}/out`)).toBe(false)
    const allowed = await issueInto(dir, results, '--out', `${folder}/out`, '--max-errors', '1')
    expect(allowed.lines.at(-1).summary.issued).toBe(2)
  })

  test.each([
    ['--concurrency', '0'],
    ['--concurrency', 'all'],
    ['--max-errors', '-1'],
    ['--max-errors', '1.5'],
  ])('refuses %s %s', async (option, value) => {
    const refused = await gradecert(['issue', 'results.csv', `${option}=${value}`])
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('batch.count_malformed')])
  })
})

describe('a JSONL of certificates', () => {
  test('may have empty lines, tokens as JSON texts and lines that are none, each judged by itself', async () => {
    const { folder, results, dir } = await agencyWith(2)
    await issueInto(dir, results, '--out', `${folder}/all.jsonl`)
    const [first = ''] = readFileSync(`${folder}/all.jsonl`, 'utf8').split('\n')
    const lines = [first, '', `${first}\r`, '"a.b.c"', '{"a":', `{"a":"${'x'.repeat(1_100_000)}"}`, '"']
    writeFileSync(`${folder}/mixed.jsonl`, lines.join('\n'))
    const judged = await gradecert(['verify', `${folder}/mixed.jsonl`, '--json'])
    expect(
      judged.lines.map(({ file, checks }) => [
        file.split(':').at(-1),
        checks.format.outcome,
        checks.format.reason,
      ]),
    ).toEqual([
      ['1', 'pass', undefined],
      ['3', 'pass', undefined],
      ['4', 'fail', expect.any(String)],
      ['5', 'fail', 'not_json'],
      ['6', 'fail', 'too_large'],
      ['7', 'fail', 'not_json'],
    ])
  })
})

async function toSummary(batch: AsyncGenerator<unknown, BatchSummary>): Promise<BatchSummary> {
  let step = await batch.next()
  while (!step.done) step = await batch.next()
  return step.value
}

const child = fileURLToPath(new URL('./issue.child.ts', import.meta.url))

function start(dir: string, results: string, out: string) {
  const options = ['--out', out, '--concurrency', '2', '--suite', 'eddsa-jcs-2022']
  const issuing = spawn(process.execPath, [child, dir, results, seed, clock, ...options], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>(
    (resolve, reject) => {
      issuing.on('error', reject)
      issuing.on('exit', (code, signal) => resolve({ code, signal }))
    },
  )
  return { issuing, ended }
}

const toItsEnd = async (dir: string, results: string, out: string) =>
  (await start(dir, results, out).ended).code

/** Answers whether it was still at work. */
async function killedAfter(
  milliseconds: number,
  dir: string,
  results: string,
  out: string,
): Promise<boolean> {
  const { issuing, ended } = start(dir, results, out)
  const timer = setTimeout(() => issuing.kill('SIGKILL'), milliseconds)
  const { signal } = await ended
  clearTimeout(timer)
  return signal === 'SIGKILL'
}
