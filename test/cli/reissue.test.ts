import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import { reissueAll, resign } from '../../src/batch/reissue-batch.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { type CorrectableField, correctableFields } from '../../src/issue/corrections.ts'
import { seededRandom } from '../../src/issue/random.ts'
import { reissue } from '../../src/issue/reissue.ts'
import { openWorkspace, type Workspace } from '../../src/issue/workspace.ts'
import type { Entry } from '../../src/registry/registry.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-reissue-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let made: Promise<string> | undefined
/** An agency that has issued four certificates in both forms, copied for each test. */
async function agency(did = 'key'): Promise<string> {
  const dir = `${await temporaryFolder()}/agency`
  if (did !== 'key') {
    await make(dir, did)
    return dir
  }
  made ??= make(`${root}/agency`, did)
  cpSync(await made, dir, { recursive: true })
  return dir
}

async function make(dir: string, did: string): Promise<string> {
  await gradecert(['init', dir, '--name', '示例评价机构', '--did', did])
  await shortExport(dir, 6)
  await gradecert(['issue', `${dir}/results.csv`, '--dir', dir, '--form', 'both'])
  return dir
}

const numbersOf = (dir: string): readonly string[] =>
  readdirSync(`${dir}/out`)
    .filter((name) => /^[^.]+\.json$/.test(name))
    .map((name) => name.replace('.json', ''))
    .sort()

const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'))
const later = '2026-02-20T00:00:00Z'
const at = later as Instant

async function entriesOf(dir: string): Promise<readonly Entry[]> {
  return withWorkspace(dir, async ({ registry }) => {
    const entries: Entry[] = []
    for await (const entry of registry.entries()) entries.push(entry)
    return entries
  })
}

async function withWorkspace<T>(dir: string, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = await openWorkspace(dir)
  try {
    return await work(workspace)
  } finally {
    workspace.registry.close()
  }
}

/** A run that is killed right after it reserved. */
const stopping = (workspace: Workspace): Workspace => ({
  ...workspace,
  registry: {
    ...workspace.registry,
    complete: () => Promise.reject(new Error('killed')),
  },
})

const offline = (dir: string) => ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]

describe('reissue', () => {
  test('makes a new credential of the same number, and the old one no longer counts', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    const old = await read(`${dir}/out/${number}.json`)
    const argv = ['reissue', number, '--set', 'name=王小明', '--reason', 'data-correction', '--dir', dir]
    const answer = await gradecert([...argv, '--at', later, '--json'])
    const file = `${dir}/out/${number}.r2.json`
    expect(answer.code).toBe(0)
    const corrected = await read(file)
    expect(answer.lines).toEqual([
      {
        number,
        outcome: 'reissued',
        id: corrected.id,
        replaces: old.id,
        reason: 'data-correction',
        changed: ['name'],
        file,
        supersededSdJwts: [`${dir}/out/${number}.sd-jwt`],
      },
    ])
    expect(corrected.id).not.toBe(old.id)
    expect(corrected.credentialStatus).not.toEqual(old.credentialStatus)
    expect(corrected.validFrom).toBe('2026-02-20T00:00:00+08:00')
    expect(corrected.awardedDate).toBe(old.awardedDate)
    expect(corrected.credentialSubject.licenseNumber).toBe(number)
    expect(corrected.credentialSubject.id).toBe(old.credentialSubject.id)
    expect(corrected.replaces).toEqual({
      id: old.id,
      type: 'Replacement',
      reason: 'data-correction',
      previousIssueDate: old.validFrom,
    })

    await gradecert(['publish', '--dir', dir, '--at', later])
    const verify = (path: string) =>
      gradecert(['verify', path, ...offline(dir), '--json', '--at', '2026-02-21T00:00:00Z'])
    expect((await verify(file)).lines[0]).toMatchObject({
      verdict: 'valid',
      certificate: { holder: { name: '王小明' }, awardedOn: '2026-01-20', validFrom: '2026-02-20' },
    })
    expect((await verify(`${dir}/out/${number}.json`)).lines[0]).toMatchObject({
      verdict: 'invalid',
      checks: { status: { outcome: 'fail', reason: 'revoked' } },
    })
  })

  test('run again issues nothing new, and repairs a file that was lost or damaged', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    const argv = [
      'reissue',
      number,
      '--set',
      'name=王小明',
      '--reason',
      'data-correction',
      '--dir',
      dir,
      '--json',
    ]
    const first = await gradecert([...argv, '--at', later])
    const file = first.lines[0].file
    const text = await readFile(file, 'utf8')
    const entries = await entriesOf(dir)
    await writeFile(file, text.slice(0, 100))
    const again = await gradecert([...argv, '--at', '2026-03-20T00:00:00Z'])
    expect(again.lines).toEqual([{ ...first.lines[0], outcome: 'already_reissued', changed: [] }])
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(await entriesOf(dir)).toEqual(entries)
  })

  test('makes a third of the second, each with the one before it as predecessor', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    const reissued = async (...more: string[]) =>
      (await gradecert(['reissue', number, ...more, '--dir', dir, '--json', '--at', later])).lines[0]
    const second = await reissued('--set', 'name=王小明', '--reason', 'data-correction')
    const third = await reissued('--reason', 'lost-reissue')
    expect(third).toMatchObject({
      replaces: second.id,
      outcome: 'reissued',
      file: `${dir}/out/${number}.r3.json`,
    })
    expect(await reissued('--reason', 'lost-reissue')).toMatchObject({
      id: third.id,
      outcome: 'already_reissued',
    })
    const standings = (await entriesOf(dir)).filter((entry) => entry.number === number)
    expect(standings.map(({ standing }) => standing)).toEqual(['superseded', 'superseded', 'live'])
    const fields = await read(third.file)
    expect(fields.credentialSubject.identifier[0].identityHash).toBe('王小明')
  })

  test('that was stopped before it signed goes on with the same bytes, another day too', async () => {
    const dir = await agency()
    const other = `${await temporaryFolder()}/other`
    cpSync(dir, other, { recursive: true })
    const [number = ''] = numbersOf(dir)
    const ask = (workspace: Workspace, out: string, now: string) =>
      reissue(number, {
        ...{ workspace, out, reason: 'data-correction', corrections: { name: '王小明' } },
        ...{ now: now as Instant, random: seededRandom(utf8('seed')) },
      })
    const whole = await withWorkspace(other, (workspace) => ask(workspace, `${other}/out`, later))
    await withWorkspace(dir, async (workspace) => {
      await expect(ask(stopping(workspace), `${dir}/out`, later)).rejects.toThrow('killed')
      const { standing, text } = (await workspace.registry.findByNumber(number)) as Entry
      expect({ standing, text }).toEqual({ standing: 'live', text: null })
      const rest = await ask(workspace, `${dir}/out`, '2026-03-03T00:00:00Z')
      expect(rest).toMatchObject({ id: whole.id, outcome: 'reissued' })
    })
    expect(await readFile(`${dir}/out/${number}.r2.json`, 'utf8')).toBe(await readFile(whole.file, 'utf8'))
    expect(await entriesOf(dir)).toEqual(await entriesOf(other))
  })

  test('without corrections that was stopped goes on another day, and makes no third', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    await withWorkspace(dir, async (workspace) => {
      const ask = (from: Workspace, now: string) =>
        reissue(number, {
          ...{ workspace: from, out: `${dir}/out`, reason: 'lost-reissue', now: now as Instant },
        })
      await expect(ask(stopping(workspace), later)).rejects.toThrow('killed')
      expect(await ask(workspace, '2026-03-03T00:00:00Z')).toMatchObject({
        outcome: 'reissued',
        file: `${dir}/out/${number}.r2.json`,
      })
      expect(await workspace.registry.entriesOf(number)).toHaveLength(2)
    })
  })

  test('of one that a stopped run never signed signs that one first, so that no link is missing', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    await withWorkspace(dir, async (workspace) => {
      const ask = (name: string, from = workspace) =>
        reissue(number, {
          ...{
            workspace: from,
            out: `${dir}/out`,
            reason: 'data-correction',
            corrections: { name },
            now: at,
          },
        })
      await expect(ask('王大明', stopping(workspace))).rejects.toThrow('killed')
      await ask('王小明')
      const entries = await workspace.registry.entriesOf(number)
      expect(entries.map(({ text }) => text === null)).toEqual([false, false, false])
    })
  })

  test('asked for twice at a time makes one credential', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    await withWorkspace(dir, async (workspace) => {
      const answers = await Promise.all(
        ['a', 'b', 'c'].map((seed) =>
          reissue(number, {
            ...{ workspace, out: `${dir}/out`, reason: 'data-correction', corrections: { name: '王小明' } },
            ...{ now: at, random: seededRandom(utf8(seed)) },
          }),
        ),
      )
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
      expect(await workspace.registry.entriesOf(number)).toHaveLength(2)
    })
  })

  const given: Readonly<Record<CorrectableField, readonly [value: string, wrong: string]>> = {
    name: ['王小明', ''],
    romanisedName: ['WANG, XIAOMING', '王'],
    direction: ['', '不存在的方向'],
    session: ['2026-02', 'x'.repeat(501)],
    trainedFrom: ['2025-11-03', '2025-02-30'],
    examinedOn: ['2026-01-02', '2026-13-01'],
    site: ['第二考点', 'x'.repeat(501)],
    trainingProvider: ['新培训机构', ''],
    trainingHours: ['99.5', 'many'],
    trainingOrder: ['D-2026-7', 'x'.repeat(501)],
    trainingProject: ['项目', 'x'.repeat(501)],
  }

  test.each(correctableFields.filter((field) => field !== 'direction'))(
    'corrects %s, and nothing else',
    async (field) => {
      const dir = await agency()
      const [number = ''] = numbersOf(dir)
      const set = `${field}=${given[field][0]}`
      const argv = [
        'reissue',
        number,
        '--set',
        set,
        '--reason',
        'data-correction',
        '--dir',
        dir,
        '--json',
        '--at',
        later,
      ]
      expect((await gradecert(argv)).lines[0]).toMatchObject({ outcome: 'reissued', changed: [field] })
      expect(await gradecert(argv)).toMatchObject({ code: 0, lines: [{ outcome: 'already_reissued' }] })
    },
  )

  test.each(correctableFields)(
    'refuses a value of %s that no certificate can state, and reserves nothing',
    async (field) => {
      const dir = await agency()
      const [number = ''] = numbersOf(dir)
      const entries = await entriesOf(dir)
      const argv = ['reissue', number, '--set', `${field}=${given[field][1]}`, '--reason', 'data-correction']
      expect(await gradecert([...argv, '--dir', dir, '--at', later])).toMatchObject({
        code: 64,
        err: expect.stringMatching(new RegExp(`^reissue.value_malformed: .*${field}`)),
      })
      expect(await entriesOf(dir)).toEqual(entries)
    },
  )

  test.each<[what: string, argv: (number: string) => readonly string[], code: string]>([
    [
      'a field that is none',
      (n) => [n, '--set', 'grade=senior', '--reason', 'data-correction'],
      'reissue.field_unknown',
    ],
    ['the number', (n) => [n, '--set', 'number=X', '--reason', 'data-correction'], 'reissue.field_unknown'],
    [
      'the day of award',
      (n) => [n, '--set', 'awardedOn=2026-01-01', '--reason', 'data-correction'],
      'reissue.field_unknown',
    ],
    [
      'what every object has',
      (n) => [n, '--set', 'constructor=x', '--reason', 'data-correction'],
      'reissue.field_unknown',
    ],
    [
      'a field without value',
      (n) => [n, '--set', 'name', '--reason', 'data-correction'],
      'reissue.field_unknown',
    ],
    [
      'a field twice',
      (n) => [n, '--set', 'name=a', '--set', 'name=b', '--reason', 'data-correction'],
      'reissue.field_twice',
    ],
    ['a correction of nothing', (n) => [n, '--reason', 'data-correction'], 'reissue.nothing_to_correct'],
    [
      'a reason that revokes',
      (n) => [n, '--set', 'name=a', '--reason', 'cheating-grave'],
      'status.reason_unknown',
    ],
    ['a reason that is none', (n) => [n, '--set', 'name=a', '--reason', 'x'], 'status.reason_unknown'],
    [
      'a number that is none',
      () => ['X', '--set', 'name=a', '--reason', 'data-correction'],
      'status.number_unknown',
    ],
    ['neither number nor file', () => ['--reason', 'data-correction'], 'reissue.number_or_file'],
    [
      'number and file',
      (n) => [n, '--file', 'x.csv', '--reason', 'data-correction'],
      'reissue.number_or_file',
    ],
    [
      'a clock before the first one',
      (n) => [n, '--reason', 'lost-reissue', '--at', '2026-01-01'],
      'reissue.too_early',
    ],
  ])('refuses %s', async (_what, argv, code) => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    const entries = await entriesOf(dir)
    const answer = await gradecert(['reissue', ...argv(number), '--dir', dir], { now: later })
    expect(answer).toMatchObject({ code: 64, err: expect.stringMatching(new RegExp(`^${code}:`)) })
    expect(await entriesOf(dir)).toEqual(entries)
  })

  test.each([
    ['revoke', 'cheating-grave', 'revoked'],
    ['suspend', 'under-investigation', 'suspended'],
  ])('refuses after %s', async (change, reason, standing) => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    await gradecert([change, number, '--reason', reason, '--dir', dir])
    const answer = await gradecert([
      'reissue',
      number,
      '--reason',
      'lost-reissue',
      '--dir',
      dir,
      '--lang',
      'en',
    ])
    expect(answer).toMatchObject({
      code: 64,
      err: expect.stringMatching(new RegExp(`^reissue.not_possible: .*${number} is ${standing}`)),
    })
  })
})

describe('issue after a reissue', () => {
  test('shows what took the place, never what was superseded', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    await gradecert([
      'reissue',
      number,
      '--set',
      'name=王小明',
      '--reason',
      'data-correction',
      '--dir',
      dir,
      '--at',
      later,
    ])
    const current = await readFile(`${dir}/out/${number}.r2.json`, 'utf8')
    for (const name of readdirSync(`${dir}/out`)) if (name.startsWith(number)) rmSync(`${dir}/out/${name}`)
    const again = await gradecert(['issue', `${dir}/results.csv`, '--dir', dir, '--json', '--at', later])
    expect(again.lines.find((line) => line.number === number)).toMatchObject({
      outcome: 'already_issued',
      files: [`${dir}/out/${number}.r2.json`],
    })
    expect(readdirSync(`${dir}/out`).filter((name) => name.startsWith(number))).toEqual([`${number}.r2.json`])
    expect(await readFile(`${dir}/out/${number}.r2.json`, 'utf8')).toBe(current)
  })

  test('makes the SD-JWT of what took the place, which the old list positions say nothing of', async () => {
    const dir = await agency()
    const [number = ''] = numbersOf(dir)
    const argv = [
      'reissue',
      number,
      '--set',
      'name=王小明',
      '--reason',
      'data-correction',
      '--dir',
      dir,
      '--json',
    ]
    expect((await gradecert([...argv, '--at', later])).lines[0].supersededSdJwts).toHaveLength(1)
    const issued = await gradecert([
      ...['issue', `${dir}/results.csv`, '--dir', dir, '--json', '--form', 'sd-jwt', '--at', later],
    ])
    const file = `${dir}/out/${number}.r2.sd-jwt`
    expect(issued.lines.find((line) => line.number === number)).toMatchObject({
      outcome: 'issued',
      files: [file],
    })
    expect((await gradecert([...argv, '--at', later])).lines[0].supersededSdJwts).toEqual([])
    await gradecert(['publish', '--dir', dir, '--at', later])
    const verify = (path: string) => gradecert(['verify', path, ...offline(dir), '--json', '--at', later])
    expect((await verify(file)).lines[0]).toMatchObject({
      verdict: 'valid',
      certificate: { number, holder: { name: '王小明' }, replaces: { reason: 'data-correction' } },
    })
    expect((await verify(`${dir}/out/${number}.sd-jwt`)).lines[0]).toMatchObject({ verdict: 'invalid' })
  })
})

describe('a table of corrections', () => {
  const write = async (dir: string, text: string): Promise<string> => {
    await writeFile(`${dir}/corrections.csv`, text)
    return `${dir}/corrections.csv`
  }
  const ask = (dir: string, file: string) =>
    gradecert([
      'reissue',
      '--file',
      file,
      '--reason',
      'data-correction',
      '--dir',
      dir,
      '--json',
      '--at',
      later,
    ])

  test('is done row by row; a row that cannot be done stops no other', async () => {
    const dir = await agency()
    const [one = '', two = '', three = ''] = numbersOf(dir)
    await gradecert(['revoke', two, '--reason', 'cheating-grave', '--dir', dir])
    const file = await write(
      dir,
      `证书编号,姓名,考点\n${one},王小明,\n${two},李四,\nX,某某,\n,,\n${three},,第二考点\n`,
    )
    const answer = await ask(dir, file)
    expect(answer.code).toBe(1)
    expect(
      answer.lines.map(({ number, outcome, code, changed }) => [number, outcome, code ?? changed]),
    ).toEqual([
      [one, 'reissued', ['name']],
      [two, 'refused', 'reissue.not_possible'],
      ['X', 'refused', 'status.number_unknown'],
      [three, 'reissued', ['site']],
      [undefined, undefined, undefined],
    ])
    expect(answer.lines.at(-1)).toEqual({ summary: { reissued: 2, already_reissued: 0, refused: 2 } })
    expect((await ask(dir, file)).lines.at(-1)).toEqual({
      summary: { reissued: 0, already_reissued: 2, refused: 2 },
    })
  })

  test('may have one column beside the number, in English, and in GB18030', async () => {
    const dir = await agency()
    const [one = ''] = numbersOf(dir)
    const english = await write(dir, `number;romanisedName\n${one};WANG, XIAOMING\n`)
    expect((await ask(dir, english)).lines[0]).toMatchObject({ changed: ['romanisedName'] })
    await writeFile(
      `${dir}/corrections.csv`,
      Buffer.from([...Buffer.from(`number,name\n${one},`), 0xcd, 0xf5, 0x0a]),
    )
    expect((await ask(dir, `${dir}/corrections.csv`)).lines[0]).toMatchObject({ changed: ['name'] })
    const [{ certificate }] = (await entriesOf(dir)).slice(-1) as [Entry]
    expect((certificate as GradeCertificate).holder.name).toBe('王')
  })

  test.each<[what: string, text: string, code: string]>([
    ['nothing', '', 'reissue.file_malformed'],
    ['no column for the number', '姓名\n王小明\n', 'reissue.file_malformed'],
    ['a column that is no field', '证书编号,等级\nX,高级\n', 'reissue.field_unknown'],
    ['two columns for one field', '证书编号,姓名,name\nX,a,b\n', 'reissue.file_malformed'],
    ['a number twice', '证书编号,姓名\nX,a\nX,b\n', 'reissue.file_malformed'],
    ['a row without number', '证书编号,姓名\n,王小明\n', 'reissue.file_malformed'],
    ['a row that is too long', '证书编号,姓名\nX,王小明,b\n', 'reissue.file_malformed'],
    ['a quotation mark that does not close', '证书编号,姓名\nX,"王小明\nY,b\n', 'reissue.file_malformed'],
    ['JSON', '{"number":"X","name":"b"}\n', 'reissue.file_malformed'],
  ])('with %s is refused whole, and the names in it are not repeated', async (_what, text, code) => {
    const dir = await agency()
    const entries = await entriesOf(dir)
    const answer = await ask(dir, await write(dir, text))
    expect(answer).toMatchObject({ code: 64, err: expect.stringMatching(new RegExp(`^${code}:`)) })
    expect(answer.err).not.toContain('王小明')
    expect(await entriesOf(dir)).toEqual(entries)
  })
})

describe('signing again after a compromise', () => {
  /** An agency whose key was replaced after four certificates; the fifth and sixth are by the new key. */
  async function rotated(): Promise<string> {
    const dir = await agency('web:agency.example')
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', '2026-02-01T00:00:00Z'])
    return dir
  }
  const run = async (workspace: Workspace, dir: string, seed = 'seed') => {
    const items = []
    const old = workspace.keys[0]?.method
    if (old === undefined) throw new Error('no key')
    const all = resign(workspace, {
      keys: [old],
      out: `${dir}/out`,
      now: at,
      random: seededRandom(utf8(seed)),
    })
    let step = await all.next()
    for (; !step.done; step = await all.next()) items.push(step.value)
    return { items, summary: step.value }
  }

  test('gives every live certificate of the key a new credential, once', async () => {
    const dir = await rotated()
    const numbers = numbersOf(dir)
    const [dead = '', held = '', ...rest] = numbers
    await gradecert(['revoke', dead, '--reason', 'cheating-grave', '--dir', dir])
    await gradecert(['suspend', held, '--reason', 'under-investigation', '--dir', dir])
    await withWorkspace(dir, async (workspace) => {
      const { items, summary } = await run(workspace, dir)
      expect(summary).toEqual({ reissued: numbers.length - 1, already_reissued: 0, refused: 0 })
      expect(items.map(({ number }) => number).sort()).toEqual([held, ...rest])
      expect(await workspace.registry.findByNumber(dead)).toMatchObject({ standing: 'revoked' })
      expect(await workspace.registry.findByNumber(held)).toMatchObject({ standing: 'suspended' })
      for (const number of rest) {
        const { text, certificate } = (await workspace.registry.findByNumber(number)) as Entry
        expect(JSON.parse(text ?? '').proof.verificationMethod).toBe(workspace.signer.verificationMethod)
        expect(certificate).toMatchObject({
          replaces: { reason: 'issuer-key-compromise' },
          awardedOn: '2026-01-20',
        })
      }
      const again = await run(workspace, dir)
      expect(again.summary).toEqual({ reissued: 0, already_reissued: numbers.length - 1, refused: 0 })
    })
  })

  test('stopped at any certificate goes on to the same end', async () => {
    const dir = await rotated()
    const whole = `${await temporaryFolder()}/whole`
    cpSync(dir, whole, { recursive: true })
    await withWorkspace(whole, (workspace) => run(workspace, whole))
    await withWorkspace(dir, async (workspace) => {
      for (let stops = 0; stops < 3; stops++) {
        await expect(run(stopping(workspace), dir)).rejects.toThrow('killed')
        await expect(run(stoppingAfter(workspace, 1), dir)).rejects.toThrow('killed')
      }
      await run(workspace, dir)
    })
    expect(await entriesOf(dir)).toEqual(await entriesOf(whole))
    expect(readdirSync(`${dir}/out`).sort()).toEqual(readdirSync(`${whole}/out`).sort())
  })

  test('refuses the key that signs now', async () => {
    const dir = await agency()
    await withWorkspace(dir, async (workspace) => {
      const all = resign(workspace, { keys: [workspace.signer.verificationMethod], out: `${dir}/out` })
      await expect(all.next()).rejects.toMatchObject({ code: 'reissue.key_signs' })
    })
  })

  /** Lets some texts be kept, then stops. */
  function stoppingAfter(workspace: Workspace, texts: number): Workspace {
    let kept = 0
    const { registry } = workspace
    return {
      ...workspace,
      registry: {
        ...registry,
        complete: (id, text) =>
          kept++ < texts ? registry.complete(id, text) : Promise.reject(new Error('killed')),
      },
    }
  }
})

test('what the registry itself throws stops a batch', async () => {
  const dir = await agency()
  const [number = ''] = numbersOf(dir)
  await withWorkspace(dir, async (workspace) => {
    const rows = [{ line: 2, number, corrections: { name: '王小明' } }]
    const all = reissueAll(rows, {
      ...{ workspace: stopping(workspace), out: `${dir}/out`, reason: 'data-correction', now: at },
    })
    await expect(all.next()).rejects.toThrow('killed')
  })
})
