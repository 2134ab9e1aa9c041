import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { exportPath, gradecert, temporaryFolder } from './terminal.ts'

test('keys are listed without their secrets, exported for the safe and put back', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const listed = await gradecert(['keys', 'list', '--dir', dir, '--json'])
  expect(listed.lines.map(({ file }) => file)).toEqual(['issuer-1.json', 'trial-authority.json'])
  const people = await gradecert(['keys', 'list', '--dir', dir])
  expect(`${listed.out}${people.out}`).not.toContain('z3u2')

  const safe = `${dir}/safe.json`
  expect((await gradecert(['keys', 'export', '--dir', dir, '--out', safe])).code).toBe(0)
  expect((await stat(safe)).mode & 0o777).toBe(0o600)
  expect(await gradecert(['keys', 'export', '--dir', dir, '--out', safe])).toMatchObject({
    code: 64,
    err: expect.stringContaining('cli.would_overwrite'),
  })
  const before = await readFile(`${dir}/keys/issuer-1.json`, 'utf8')
  await rm(`${dir}/keys/issuer-1.json`)
  expect((await gradecert(['check', exportPath, '--dir', dir])).code).toBe(74)
  expect((await gradecert(['keys', 'import', safe, '--dir', dir])).code).toBe(0)
  expect(await readFile(`${dir}/keys/issuer-1.json`, 'utf8')).toBe(before)
  expect((await gradecert(['check', exportPath, '--dir', dir])).code).toBe(2)

  await writeFile(`${dir}/keys/issuer-1.json`, '{}')
  expect(await gradecert(['keys', 'import', safe, '--dir', dir])).toMatchObject({
    code: 64,
    err: expect.stringContaining('cli.would_overwrite'),
  })
  await writeFile(
    `${dir}/odd.json`,
    JSON.stringify({ type: 'GradecertKeys', version: 1, files: { '../../x': 'y' } }),
  )
  expect(await gradecert(['keys', 'import', `${dir}/odd.json`, '--dir', dir])).toMatchObject({
    code: 64,
    err: expect.stringContaining('cli.keys_malformed'),
  })
  expect((await gradecert(['keys', 'list', '--dir', `${dir}/nowhere`])).code).toBe(74)
})

test('an authority signs the draft of an agency, verifiers use it, remember it and refuse older numbers', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['issue', exportPath, '--dir', dir])
  await gradecert(['publish', '--dir', dir])
  const [name = ''] = await readdir(`${dir}/out`)
  const file = (path: string) => `${dir}/${path}`

  expect(
    (await gradecert(['trust', 'build', '--dir', dir, '--out', file('draft.json'), '--until', '2026-12-31']))
      .code,
  ).toBe(0)
  expect((await gradecert(['keys', 'generate', '--out', file('authority.json')])).code).toBe(0)
  const sign = (draft: string, out: string, ...more: string[]) =>
    gradecert(['trust', 'sign', file(draft), '--key', file('authority.json'), '--out', file(out), ...more])
  expect((await sign('draft.json', 'trust-1.json')).code).toBe(0)
  const draft = JSON.parse(await readFile(file('draft.json'), 'utf8'))
  await writeFile(file('draft-2.json'), JSON.stringify({ ...draft, sequence: 2 }))
  expect((await sign('draft-2.json', 'trust-2.json', '--days', '30')).code).toBe(0)

  const checked = await gradecert(['trust', 'check', file('trust-1.json'), '--json'])
  expect(checked.lines[0]).toMatchObject({ sequence: 1, trial: false, agencies: [{ standing: 'active' }] })
  expect((await gradecert(['trust', 'check', file('trust-1.json'), '--at', '2027-01-01'])).code).toBe(2)
  expect((await gradecert(['trust', 'check', file('trust.json')])).out).toContain('TRIAL')

  const judged = async (trust: string) =>
    (
      await gradecert([
        ...[
          'verify',
          file(`out/${name}`),
          '--trust',
          file(trust),
          '--evidence',
          file('public/evidence.json'),
        ],
        ...['--state', file('state.json'), '--json'],
      ])
    ).lines[0]
  expect((await judged('trust-1.json')).verdict).toBe('valid')
  expect((await judged('trust-2.json')).checks.trust.facts).toMatchObject({ sequence: 2 })
  expect((await judged('trust-1.json')).checks.trust).toMatchObject({
    outcome: 'unknown',
    reason: 'trust_list_rolled_back',
  })
  await writeFile(file('state.json'), '{')
  expect(
    await gradecert(['verify', file('out'), '--trust', file('trust-1.json'), '--state', file('state.json')]),
  ).toMatchObject({
    code: 74,
    err: expect.stringContaining('cli.state_malformed'),
  })
})

test.each([
  ['not JSON', '{'],
  ['no list of agencies', '{"id":"urn:x:y","sequence":1}'],
  ['a scope of an unknown grade', null],
])('a draft with %s is refused', async (_, text) => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['trust', 'build', '--dir', dir, '--out', `${dir}/draft.json`])
  const broken = text ?? (await readFile(`${dir}/draft.json`, 'utf8')).replace('"senior"', '"master"')
  await writeFile(`${dir}/draft.json`, broken)
  const answer = await gradecert([
    ...[
      'trust',
      'sign',
      `${dir}/draft.json`,
      '--key',
      `${dir}/keys/trial-authority.json`,
      '--out',
      `${dir}/t.json`,
    ],
  ])
  expect(answer).toMatchObject({ code: 64, err: expect.stringContaining('trust.draft_malformed') })
  const days = await gradecert([
    ...[
      'trust',
      'sign',
      `${dir}/draft.json`,
      '--key',
      `${dir}/keys/trial-authority.json`,
      '--out',
      `${dir}/t.json`,
    ],
    ...['--days', 'many'],
  ])
  expect(days.err).toContain('cli.days_malformed')
})
