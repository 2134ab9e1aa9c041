import { mkdtempSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { rotateKey } from '../../src/issue/key-history.ts'
import { openWorkspace } from '../../src/issue/workspace.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-over-time-'))
const template = `${root}/template`

/** A did:web agency that issued 19 certificates on 20 January and published: made once, copied for each test. */
beforeAll(async () => {
  await mkdir(template)
  const results = await shortExport(template)
  expect(
    (
      await gradecert([
        'init',
        `${template}/agency`,
        '--name',
        '示例评价机构',
        '--did',
        'web:cert.agency.example',
      ])
    ).code,
  ).toBe(0)
  expect((await gradecert(['issue', results, '--dir', `${template}/agency`])).code).toBe(0)
  expect((await gradecert(['publish', '--dir', `${template}/agency`])).code).toBe(0)
  return () => rm(root, { recursive: true, force: true })
}, 60_000)

async function agency(): Promise<string> {
  const dir = `${await temporaryFolder()}/agency`
  await cp(`${template}/agency`, dir, { recursive: true })
  return dir
}

const day = (number: number) => `2026-01-${number}T00:00:00Z`
const offline = (dir: string) => ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
const verdictsOf = (lines: readonly { verdict?: string }[]) => [
  ...new Set(lines.flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict]))),
]
const firstIn = async (folder: string) =>
  (await readdir(folder))
    .filter((name) => /^PT.*\.json$/.test(name) && !name.includes('.anchor.'))
    .sort()[0] ?? ''

describe('keys', () => {
  test('follow each other, are called stolen, and what they signed is signed anew', async () => {
    const dir = await agency()
    const at = (number: number) => ['--dir', dir, '--at', day(number)]
    const verify = (...more: string[]) =>
      gradecert(['verify', `${dir}/out`, ...offline(dir), '--json', ...more])

    const noon = '2026-01-20T12:00:00Z'
    const rotated = await gradecert(['keys', 'rotate', ...at(21), '--json'])
    expect(rotated.code).toBe(0)
    expect(rotated.lines[0]).toMatchObject({
      current: 'issuer-2',
      trialListRenewed: true,
      keys: [
        { method: 'did:web:cert.agency.example#key-1', until: day(21) },
        { method: 'did:web:cert.agency.example#key-2', from: day(21) },
      ],
    })
    expect((await stat(`${dir}/keys/issuer-2.json`)).mode & 0o777).toBe(0o600)
    expect((await gradecert(['publish', ...at(21)])).code).toBe(0)
    // Lists of a key that was replaced would clear nobody once it is called stolen.
    const list = JSON.parse(await readFile(`${dir}/public/status/revocation-1.json`, 'utf8'))
    expect(list.proof.verificationMethod).toBe('did:web:cert.agency.example#key-2')
    const [header = ''] = (await readFile(`${dir}/public/status/token-1.jwt`, 'utf8')).split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString()).kid).toBe(
      'did:web:cert.agency.example#key-2',
    )
    expect(verdictsOf((await verify('--at', day(22))).lines)).toEqual(['valid'])

    const stolen = await gradecert([
      'keys',
      'compromise',
      '--key',
      'issuer-1',
      '--since',
      noon,
      ...at(23),
      '--json',
    ])
    expect(stolen.lines[0]).toMatchObject({ current: 'issuer-2', keys: [{ compromisedSince: noon }, {}] })
    expect((await gradecert(['publish', ...at(23)])).code).toBe(0)
    const judged = await verify('--at', day(24))
    expect([judged.code, verdictsOf(judged.lines)]).toEqual([2, ['undetermined']])
    expect(JSON.parse(await readFile(`${dir}/public/.well-known/did.json`, 'utf8'))).toMatchObject({
      verificationMethod: [{ revoked: noon }, {}],
      authentication: ['did:web:cert.agency.example#key-2'],
    })

    const resigned = await gradecert(['keys', 'resign', '--out', `${dir}/resigned`, ...at(24), '--json'])
    expect([resigned.code, resigned.lines.at(-1)]).toEqual([
      0,
      { summary: { reissued: 19, already_reissued: 0, refused: 0 } },
    ])
    const again = await gradecert(['keys', 'resign', '--out', `${dir}/resigned`, ...at(25), '--json'])
    expect(again.lines.at(-1)).toEqual({ summary: { reissued: 0, already_reissued: 19, refused: 0 } })
    expect((await gradecert(['publish', ...at(24)])).code).toBe(0)
    const anew = await gradecert(['verify', `${dir}/resigned`, ...offline(dir), '--json', '--at', day(25)])
    expect([anew.code, verdictsOf(anew.lines)]).toEqual([0, ['valid']])

    expect((await gradecert(['keys', 'retire', 'issuer-1', ...at(25)])).code).toBe(0)
    await expect(stat(`${dir}/keys/issuer-1.json`)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await gradecert(['keys', 'retire', 'issuer-1', ...at(25)])).err).toContain('keys.already_told')
    const chain = await gradecert([
      'verify',
      `${dir}/out`,
      `${dir}/resigned`,
      ...offline(dir),
      '--json',
      '--at',
      day(25),
    ])
    const chains = chain.lines.flatMap(({ succession }) => (succession === undefined ? [] : [succession]))
    expect(chains).toHaveLength(19)
    expect(new Set(chains.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(['whole']))
  }, 60_000)

  test.each<[what: string, argv: readonly string[], code: string]>([
    ['an unknown key', ['compromise', '--since', day(20), '--key', 'issuer-7'], 'keys.unknown'],
    ['a theft that is still to come', ['compromise', '--since', day(25)], 'keys.since_in_future'],
    ['a moment that is none', ['compromise', '--since', 'yesterday'], 'cli.instant_malformed'],
    ['the end of the key that signs', ['retire', 'issuer-1'], 'keys.still_signs'],
    ['re-signing where nothing was stolen', ['resign'], 'keys.none_compromised'],
  ])('are not changed by %s', async (_what, argv, code) => {
    const dir = await agency()
    const answer = await gradecert(['keys', ...argv, '--dir', dir, '--at', day(21)])
    expect([answer.code, answer.err]).toEqual([64, expect.stringContaining(code)])
    expect((await readFile(`${dir}/key-history.jsonl`, 'utf8')).trim().split('\n')).toHaveLength(1)
  })

  test('do not go back in time, and a history that was edited is refused', async () => {
    const dir = await agency()
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(22)])
    expect((await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])).err).toContain(
      'keys.clock_behind',
    )
    const history = await readFile(`${dir}/key-history.jsonl`, 'utf8')
    await writeFile(`${dir}/key-history.jsonl`, history.replace(day(22), day(23)))
    const answer = await gradecert(['publish', '--dir', dir, '--at', day(23)])
    expect([answer.code, answer.err]).toEqual([64, expect.stringContaining('keys.history_broken')])
  })

  test('of a did:key agency cannot follow each other, but can be called stolen', async () => {
    const dir = `${await temporaryFolder()}/agency`
    await gradecert(['init', dir, '--name', '示例评价机构'])
    await gradecert(['issue', await shortExport(`${dir}`), '--dir', dir])
    const rotated = await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])
    expect([rotated.code, rotated.err]).toEqual([64, expect.stringContaining('keys.did_is_the_key')])
    expect(
      (await gradecert(['keys', 'compromise', '--since', day(21), '--dir', dir, '--at', day(21)])).code,
    ).toBe(0)
    await gradecert(['publish', '--dir', dir, '--at', day(21)])
    const judged = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json', '--at', day(22)])
    expect([judged.code, judged.lines[0].checks.trust.reason]).toEqual([2, 'key_maybe_compromised'])
  })

  test('that a stopped run had changed sign from where the history says', async () => {
    const dir = await agency()
    const before = await readFile(`${dir}/gradecert.json`, 'utf8')
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])
    // Stopped after the history was written and before the settings were.
    await writeFile(`${dir}/gradecert.json`, before)
    const workspace = await openWorkspace(dir)
    workspace.registry.close()
    expect(workspace.signer.verificationMethod).toBe('did:web:cert.agency.example#key-2')
    // Stopped before the history: a key that nobody heard of is made again.
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(22)])
    expect((await openWorkspace(dir)).signer.verificationMethod).toBe('did:web:cert.agency.example#key-3')
  })

  test('that two change at a time are changed by one', async () => {
    const dir = await agency()
    const [one, other] = [await openWorkspace(dir), await openWorkspace(dir)]
    const now = day(21) as Instant
    const found = await Promise.allSettled([rotateKey(one, { now }), rotateKey(other, { now })])
    expect(found.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const { registry } of [one, other]) registry.close()
    expect((await readFile(`${dir}/key-history.jsonl`, 'utf8')).trim().split('\n')).toHaveLength(2)
  })

  test('that came later leave the SD-JWTs of earlier ones as they are, and sign none before their day', async () => {
    const dir = await agency()
    const results = await shortExport(`${dir}/..`)
    const issue = (at: number, ...more: string[]) =>
      gradecert(['issue', results, '--dir', dir, '--form', 'sd-jwt', '--json', '--at', day(at), ...more])
    expect((await issue(20)).lines.at(-1).summary.issued).toBe(19)
    const first = (await readdir(`${dir}/out`)).filter((name) => name.endsWith('.sd-jwt')).sort()[0] as string
    const before = await readFile(`${dir}/out/${first}`, 'utf8')
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])
    expect((await issue(22)).lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 19 })
    expect(await readFile(`${dir}/out/${first}`, 'utf8')).toBe(before)
    // One that was lost is made again by the key that signs now, with a time at which it does.
    await rm(`${dir}/out/${first}`)
    expect((await issue(22)).lines.at(-1).summary).toMatchObject({ issued: 1, already_issued: 18 })
    await gradecert(['publish', '--dir', dir, '--at', day(22)])
    const judged = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json', '--at', day(23)])
    expect([judged.code, verdictsOf(judged.lines)]).toEqual([0, ['valid']])
    expect((await issue(20)).err).toContain('keys.clock_behind')
  }, 60_000)

  test('are not changed while numbered certificates wait for their signature', async () => {
    const dir = await agency()
    const workspace = await openWorkspace(dir)
    for await (const { certificate } of workspace.registry.entries()) {
      await workspace.registry.reserve('waiting', () => ({
        id: 'urn:uuid:11111111-2222-4333-8444-555555555555',
        number: 'PT-waiting',
        certificate,
        signing: { created: day(20) as Instant, proofId: 'urn:x', suite: 'eddsa-rdfc-2022' },
      }))
      break
    }
    workspace.registry.close()
    expect((await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])).err).toContain(
      'keys.unsigned_left',
    )
  })
})

describe('lists of authorities', () => {
  async function authorities(dir: string) {
    const folder = `${dir}/..`
    const key = async (name: string) => {
      const made = await gradecert(['keys', 'generate', '--out', `${folder}/${name}.json`, '--json'])
      return String(made.lines[0].verificationMethod).split('#')[0] as string
    }
    const [ministry, province] = [await key('ministry'), await key('province')]
    const run = (...argv: string[]) => gradecert([...argv, '--at', day(20)])
    const delegate = ['trust', 'delegate', '--name', '示例省厅', '--key', province, '--region', 'CN-BJ']
    expect((await run(...delegate, '--out', `${folder}/delegate.json`)).code).toBe(0)
    const sign = ['--key', `${folder}/ministry.json`, '--out', `${folder}/national.json`]
    expect((await run('trust', 'sign', `${folder}/delegate.json`, ...sign)).code).toBe(0)
    expect((await run('trust', 'build', '--dir', dir, '--out', `${folder}/draft.json`)).code).toBe(0)
    return { folder, ministry, province, run }
  }
  const own = (folder: string) => ['--key', `${folder}/province.json`, '--parent', `${folder}/national.json`]

  test('lead from a root through a delegate to the agency, are continued, and close an agency', async () => {
    const dir = await agency()
    const { folder, ministry, run } = await authorities(dir)
    expect(
      (await run('trust', 'sign', `${folder}/draft.json`, ...own(folder), '--out', `${folder}/trust.json`))
        .code,
    ).toBe(0)
    const judge = (trust: string, ...more: string[]) =>
      gradecert([
        'verify',
        `${dir}/out`,
        '--evidence',
        `${dir}/public/evidence.json`,
        '--trust',
        `${folder}/${trust}`,
        '--json',
        '--at',
        day(21),
        ...more,
      ])
    const judged = await judge('trust.json')
    expect([judged.code, judged.lines[0].checks.trust.facts.authority]).toEqual([0, ministry])

    expect((await judge('trust.json', '--root', ministry)).code).toBe(0)
    expect((await judge('trust.json', '--root', ministry.replace('did:key:', ''))).code).toBe(0)
    const stranger = await gradecert(['keys', 'generate', '--out', `${folder}/stranger.json`, '--json'])
    const other = String(stranger.lines[0].verificationMethod).split('#')[0] as string
    expect((await judge('trust.json', '--root', other)).lines[0].checks.trust.reason).toBe(
      'trust_list_not_at_hand',
    )
    expect((await judge('trust.json', '--root', 'nobody')).err).toContain('trust.root_not_found')

    const removal = [
      '--previous',
      `${folder}/trust.json`,
      '--remove',
      'did:web:cert.agency.example',
      '--on',
      '2026-01-20',
    ]
    expect(
      (await run('trust', 'sign', ...own(folder), ...removal, '--out', `${folder}/removed.json`)).code,
    ).toBe(0)
    const removed = await judge('removed.json')
    expect([removed.code, removed.lines[0].checks.trust.facts]).toEqual([
      0,
      expect.objectContaining({ standing: 'removed', sequence: 2 }),
    ])
    const night = [...removal.slice(0, 4), '--at', '2026-01-20T16:30:00Z', '--out', `${folder}/night.json`]
    await gradecert(['trust', 'sign', ...own(folder), ...night])
    const ofNight = JSON.parse(await readFile(`${folder}/night.json`, 'utf8')).lists.at(-1)
    expect(ofNight.credentialSubject.entry[0].scope[0].issueUntil, 'the day of those who award').toBe(
      '2026-01-21',
    )
    await writeFile(
      `${folder}/strict.json`,
      JSON.stringify({ type: 'GradecertPolicy', version: 1, name: 'strict', anchorIfRemoved: true }),
    )
    const strict = await judge('removed.json', '--policy', `${folder}/strict.json`)
    expect([strict.code, strict.lines[0].checks.trust.reason]).toEqual([2, 'removed_without_anchor'])

    const state = ['--state', `${folder}/state.json`]
    await judge('removed.json', ...state)
    const rolledBack = await judge('trust.json', ...state)
    expect(rolledBack.lines[0].checks.trust.reason).toBe('trust_list_rolled_back')
  }, 60_000)

  test('are not signed where verifiers would not count them', async () => {
    const dir = await agency()
    const { folder, run } = await authorities(dir)
    const draft = JSON.parse(await readFile(`${folder}/draft.json`, 'utf8'))
    const sign = async (change: (draft: typeof draftCopy) => void, ...more: string[]) => {
      const draftCopy = structuredClone(draft)
      change(draftCopy)
      await writeFile(`${folder}/changed.json`, JSON.stringify(draftCopy))
      const answer = await run(
        'trust',
        'sign',
        `${folder}/changed.json`,
        ...more,
        '--out',
        `${folder}/x.json`,
      )
      return [answer.code, answer.err.split(':')[0]]
    }
    const draftCopy = draft
    const province = own(folder)
    expect(await sign(() => {}, ...province)).toEqual([0, ''])
    expect(await sign((one) => (one.agencies[0].scopes[0].region = 'CN-TJ'), ...province)).toEqual([
      64,
      'trust.delegation_too_wide',
    ])
    expect(
      await sign((one) => one.agencies.push({ ...one.agencies[0], id: 'did:web:b.example' }), ...province),
    ).toEqual([64, 'trust.key_claimed_twice'])
    expect(await sign(() => {}, '--key', `${dir}/keys/issuer-1.json`)).toEqual([
      64,
      'trust.agency_lists_itself',
    ])
    expect(
      await sign(() => {}, '--key', `${folder}/ministry.json`, '--parent', `${folder}/national.json`),
    ).toEqual([64, 'trust.not_a_delegate'])
    expect(
      await sign(() => {}, '--key', `${folder}/province.json`, '--previous', `${folder}/national.json`),
    ).toEqual([64, 'trust.previous_not_own'])
    expect(await sign(() => {}, ...province, '--remove', 'did:web:nobody.example')).toEqual([
      64,
      'trust.entry_unknown',
    ])
    expect(await sign((one) => (one.agencies = {}), ...province)).toEqual([64, 'trust.draft_malformed'])
    expect(
      (await run('trust', 'sign', '--key', `${folder}/ministry.json`, '--out', `${folder}/x.json`)).err,
    ).toContain('trust.nothing_to_sign')
    expect(
      (await run('trust', 'delegate', '--name', 'a', '--key', 'abc', '--out', `${folder}/x.json`)).err,
    ).toContain('cli.multikey_malformed')
  })
})

describe('verify', () => {
  test('keeps reports, signs them, exports them, and replays them', async () => {
    const dir = await agency()
    const folder = `${dir}/..`
    await gradecert(['keys', 'generate', '--out', `${folder}/auditor.json`])
    const exports = ['junit', 'sarif', 'csv', 'html'].flatMap((format) => [
      '--export',
      `${format}:${folder}/reports.${format}`,
    ])
    const record = ['--record', `${folder}/reports.jsonl`, '--receipt-key', `${folder}/auditor.json`]
    const made = await gradecert([
      'verify',
      `${dir}/out`,
      ...offline(dir),
      '--at',
      day(21),
      '--quiet',
      ...record,
      ...exports,
    ])
    expect([made.code, made.err, made.out]).toEqual([0, '', ''])
    for (const file of ['jsonl', 'junit', 'sarif', 'csv', 'html']) {
      expect((await stat(`${folder}/reports.${file}`)).mode & 0o777).toBe(0o600)
    }
    expect((await readFile(`${folder}/reports.jsonl`, 'utf8')).trim().split('\n')).toHaveLength(19)
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^\.gradecert/))

    const replay = (...argv: string[]) =>
      gradecert(['replay', `${folder}/reports.jsonl`, `${dir}/out`, '--at', '2046-01-01', '--json', ...argv])
    const same = await replay(...offline(dir))
    expect([
      same.code,
      same.lines.every(({ same: is, signedBy }) => is && String(signedBy).startsWith('did:key:')),
    ]).toEqual([0, true])
    const without = await replay('--trust', `${dir}/trust.json`)
    expect([without.code, without.lines[0]]).toEqual([
      1,
      expect.objectContaining({ same: false, changed: ['evidence'], verdict: 'undetermined' }),
    ])

    await rm(`${dir}/out/${await firstIn(`${dir}/out`)}`)
    expect((await replay(...offline(dir))).code).toBe(2)
    const text = await readFile(`${folder}/reports.jsonl`, 'utf8')
    await writeFile(`${folder}/reports.jsonl`, text.replace('"verdict":"valid"', '"verdict":"worse"'))
    const broken = await replay(...offline(dir))
    expect([broken.code, broken.err]).toEqual([64, expect.stringContaining('verify.record_malformed')])
  }, 60_000)

  test('shows every step with its inputs', async () => {
    const dir = await agency()
    const one = `${dir}/out/${await firstIn(`${dir}/out`)}`
    const { out } = await gradecert([
      'verify',
      one,
      ...offline(dir),
      '--at',
      day(21),
      '--explain',
      '--lang',
      'en',
    ])
    for (const fact of [
      /sha256 [0-9a-f]{64}/,
      /policy default [0-9a-f]{64}/,
      /proof\.signatures\.0\.hashedBytes \d+/,
      /status\.lists\.0\.index \d+/,
      /status\.lists\.0\.digest [0-9a-f]{64}/,
      /trust\.digest [0-9a-f]{64}/,
    ]) {
      expect(out).toMatch(fact)
    }
  })

  test.each<[argv: readonly string[], code: number, err: string]>([
    [['--export', 'pdf:x.pdf'], 64, 'cli.export_unknown'],
    [['--export', 'csv'], 64, 'cli.export_unknown'],
    [['--receipt-key', 'x.json'], 64, 'cli.receipt_without_record'],
    [['--policy', 'nothing.json'], 74, 'carrier.not_found'],
    [['--chains', `sha256:${'0'.repeat(64)}`], 74, 'carrier.not_found'],
  ])('with %j says what is wrong', async (argv, code, err) => {
    const answer = await gradecert(['verify', template, ...argv])
    expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(err)])
  })

  test('finds evidence beside the certificates, and tells what it could not use', async () => {
    const dir = await agency()
    const trust = ['--trust', `${dir}/trust.json`, '--at', day(21), '--json']
    expect((await gradecert(['verify', `${dir}/out`, ...trust])).code).toBe(2)
    await cp(`${dir}/public/evidence.json`, `${dir}/out/evidence.json`)
    expect((await gradecert(['verify', `${dir}/out`, ...trust])).code).toBe(0)
    const one = await firstIn(`${dir}/out`)
    expect((await gradecert(['verify', `${dir}/out/${one}`, ...trust])).code).toBe(0)
    await writeFile(`${dir}/out/more.evidence.json`, '{"type":"GradecertEvidence","version":2,"items":[{}]}')
    const answer = await gradecert(['verify', `${dir}/out`, ...trust])
    expect([answer.code, answer.err]).toEqual([0, expect.stringContaining('more.evidence.json')])
    const text = await readFile(`${dir}/out/evidence.json`, 'utf8')
    await writeFile(`${dir}/out/evidence.json`, text.replace(/"encodedList":"../, '"encodedList":"uX'))
    const altered = await gradecert(['verify', `${dir}/out/${one}`, ...trust])
    expect([altered.code, altered.err]).toEqual([2, expect.stringContaining('evidence.item_altered')])
  }, 60_000)

  test('matches a person where the policy asks, and forgets who it was', async () => {
    const dir = await agency()
    const file = `${dir}/out/${await firstIn(`${dir}/out`)}`
    const policy = `${dir}/policy.json`
    await writeFile(
      policy,
      JSON.stringify({ type: 'GradecertPolicy', version: 1, name: 'hr', match: ['name'] }),
    )
    const judge = (...more: string[]) =>
      gradecert(['verify', file, ...offline(dir), '--at', day(21), '--policy', policy, '--json', ...more])
    const name = (await judge()).lines[0].claimed.holder.name as string
    expect((await judge()).code).toBe(2)
    expect((await judge('--name', name)).code).toBe(0)
    expect((await judge('--name', ` ${name}`)).lines[0].checks.policy.facts).toEqual({ name: 'same' })
    expect((await judge('--name', '张冠李戴')).lines[0].checks.policy).toMatchObject({
      outcome: 'fail',
      reason: 'name_differs',
    })
    expect((await gradecert(['policy', policy, '--json'])).lines[0]).toMatchObject({
      digest: (await judge()).lines[0].policy.digest,
    })
  })
})

describe('evidence', () => {
  test('is gathered from files, explained, and carries what its reader names', async () => {
    const dir = await agency()
    const folder = `${dir}/..`
    await gradecert(['chain', 'init', `${folder}/chains.json`])
    const out = `${folder}/kept.json`
    const argv = [
      'gather',
      `${dir}/out`,
      '--offline',
      '--from',
      `${dir}/public/evidence.json`,
      '--trust',
      `${dir}/trust.json`,
      '--chains',
      `${folder}/chains.json`,
      '--out',
      out,
      '--json',
      '--at',
      day(21),
    ]
    const made = await gradecert(argv)
    expect([made.code, new Set(made.lines[0].items.map(({ kind }: { kind: string }) => kind))]).toEqual([
      0,
      new Set([
        'did-document',
        'status-list',
        'token-status-list',
        'key-history',
        'trust-list',
        'chain-state',
      ]),
    ])
    const inspected = await gradecert(['inspect', out, '--json', '--at', day(21)])
    expect([inspected.code, inspected.lines.map(({ state }) => state).sort()]).toEqual([
      0,
      ['fresh', 'fresh', 'fresh', 'timeless', 'timeless', 'timeless', 'timeless'],
    ])
    expect((await gradecert(['inspect', out, '--at', '2046-01-01'])).code).toBe(2)
    const state = inspected.lines.find(({ kind }) => kind === 'chain-state')
    const judge = [
      'verify',
      `${dir}/out`,
      '--trust',
      `${dir}/trust.json`,
      '--evidence',
      out,
      '--at',
      day(21),
      '--quiet',
    ]
    expect((await gradecert([...judge, '--chains', `sha256:${state.digest}`])).code).toBe(0)
  })

  test('is gathered from the site of an agency, its history of keys as well', async () => {
    const dir = await agency()
    await gradecert(['keys', 'rotate', '--dir', dir, '--at', day(21)])
    await gradecert(['publish', '--dir', dir, '--at', day(21)])
    const one = `${dir}/out/${await firstIn(`${dir}/out`)}`
    const out = `${dir}/../gathered.json`
    const site = async (url: string) => new Response(await readFile(`${dir}/public${new URL(url).pathname}`))
    const made = await gradecert(['gather', one, '--out', out, '--json', '--at', day(22)], { fetch: site })
    expect([made.code, made.lines[0].items.map(({ kind }: { kind: string }) => kind).sort()]).toEqual([
      0,
      ['did-document', 'key-history', 'status-list', 'status-list'],
    ])
    const judge = [
      'verify',
      one,
      '--trust',
      `${dir}/trust.json`,
      '--evidence',
      out,
      '--at',
      day(22),
      '--json',
    ]
    expect((await gradecert(judge)).lines[0].verdict).toBe('valid')
    // A site that has none is asked, and nobody is told.
    const other = async (url: string) =>
      url.endsWith('.jsonl') ? new Response('', { status: 404 }) : site(url)
    const without = await gradecert(['gather', one, '--out', out, '--json', '--at', day(22)], {
      fetch: other,
    })
    expect([without.code, without.lines[0].missed]).toEqual([0, []])
  })

  test('is renewed where it runs out, and kept where nothing newer is to be had', async () => {
    const dir = await agency()
    const old = `${dir}/../old.json`
    await cp(`${dir}/public/evidence.json`, old)
    await gradecert(['publish', '--dir', dir, '--at', day(26)])
    const asked: string[] = []
    const site = async (url: string) => {
      asked.push(url)
      const path = new URL(url).pathname
      return path.includes('suspension')
        ? new Response('', { status: 404 })
        : new Response(await readFile(`${dir}/public${path}`))
    }
    const out = `${dir}/../new.json`
    const renewed = await gradecert(['gather', '--refresh', old, '--out', out, '--json', '--at', day(26)], {
      fetch: site,
    })
    expect([renewed.code, renewed.lines[0].renewed]).toEqual([
      2,
      [
        'https://cert.agency.example/status/revocation-1.json',
        'https://cert.agency.example/status/token-1.jwt',
      ],
    ])
    expect(renewed.lines[0].missed).toEqual([
      { url: 'https://cert.agency.example/status/suspension-1.json', fault: 'status_not_ok' },
    ])
    // What the agency published itself does not say when it was got: its document and history are looked at again.
    expect(asked.map((url) => new URL(url).pathname).sort()).toEqual([
      '/.well-known/did.json',
      '/key-history.jsonl',
      '/status/revocation-1.json',
      '/status/suspension-1.json',
      '/status/token-1.jwt',
    ])
    // Nothing is due now but what was missed.
    asked.length = 0
    await gradecert(['gather', '--refresh', out, '--out', out, '--at', day(26)], { fetch: site })
    expect(asked).toEqual(['https://cert.agency.example/status/suspension-1.json'])
    // An older answer than the one at hand is not taken.
    await cp(`${template}/agency/public`, `${dir}/public`, { recursive: true, force: true })
    const back = await gradecert(['gather', '--refresh', out, '--out', out, '--json', '--at', '2026-02-01'], {
      fetch: site,
    })
    expect(back.lines[0].missed.map(({ fault }: { fault: string }) => fault)).toContain('older_than_before')
  })
})

describe('an employer', () => {
  test('screens a folder against a roster, and sees what changed the next time', async () => {
    const dir = await agency()
    const folder = `${dir}/..`
    const issued = await gradecert(['verify', `${dir}/out`, ...offline(dir), '--json', '--at', day(21)])
    const people = issued.lines
      .slice(0, 3)
      .map(({ certificate }) => [certificate.holder.name, certificate.number, certificate.award.grade.code])
    const rows = [...people, ['查无此人', '', '']].map((cells) => cells.join(','))
    await writeFile(`${folder}/roster.csv`, ['姓名,证书编号,申报等级', ...rows].join('\n'))
    const screen = (at: string, ...more: string[]) =>
      gradecert([
        'screen',
        `${dir}/out`,
        '--roster',
        `${folder}/roster.csv`,
        ...offline(dir),
        '--json',
        '--at',
        at,
        ...more,
      ])
    const outputs = [
      '--csv',
      `${folder}/found.csv`,
      '--html',
      `${folder}/found.html`,
      '--watch',
      `${folder}/seen.json`,
    ]
    const first = await screen(day(21), ...outputs)
    expect([first.code, first.lines.at(-1)]).toEqual([
      2,
      { summary: { valid: 3, invalid: 0, undetermined: 0, missing: 1, files: 19, notInRoster: 16 } },
    ])
    expect(await readFile(`${folder}/found.csv`, 'utf8')).toContain('查无此人')
    const seen = await readFile(`${folder}/seen.json`, 'utf8')
    expect((await stat(`${folder}/seen.json`)).mode & 0o777).toBe(0o600)
    for (const [name, number] of people) expect(seen).not.toMatch(new RegExp(`${name}|${number}`))

    await gradecert([
      'revoke',
      String(people[0]?.[1]),
      '--reason',
      'cheating-grave',
      '--dir',
      dir,
      '--at',
      day(22),
    ])
    await gradecert(['publish', '--dir', dir, '--at', day(22)])
    const second = await screen(day(23), '--watch', `${folder}/seen.json`)
    expect(second.code).toBe(1)
    const changes = second.lines.filter(({ watch }) => watch !== undefined)
    expect(changes.filter(({ watch }) => watch === 'changed')).toEqual([
      expect.objectContaining({
        list: 'https://cert.agency.example/status/revocation-1.json',
        before: 'nothing',
        now: 'revoked',
        asOf: day(22),
      }),
    ])
  }, 60_000)

  test.each<[what: string, roster: string, code: number, err: string]>([
    ['a roster that is not there', '', 74, 'carrier.not_found'],
    ['a roster without names', '部门\nIT\n', 64, 'screen.roster_malformed'],
  ])('is told of %s', async (_what, roster, code, err) => {
    const path = `${await temporaryFolder()}/roster.csv`
    if (roster !== '') await writeFile(path, roster)
    const answer = await gradecert(['screen', `${template}/agency/out`, '--roster', path])
    expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(err)])
  })
})

describe('a supervisor', () => {
  test('counts a registry and what is handed in, beside a plan', async () => {
    const dir = await agency()
    const folder = `${dir}/..`
    await writeFile(
      `${folder}/plan.json`,
      '{"type":"GradecertPlan","version":1,"year":2026,"targets":[{"count":38}]}',
    )
    const number = (await firstIn(`${dir}/out`)).replace('.json', '')
    await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir, '--at', day(21)])
    await gradecert(['publish', '--dir', dir, '--at', day(21)])
    const files = [
      '--plan',
      `${folder}/plan.json`,
      '--csv',
      `${folder}/counts.csv`,
      '--svg',
      `${folder}/months.svg`,
    ]
    const own = await gradecert(['report', '--dir', dir, ...files, '--json', '--at', day(22)])
    expect(own.code).toBe(0)
    expect(own.lines[0]).toMatchObject({
      awarded: 19,
      revoked: 1,
      reasons: { 'cheating-grave': 1 },
      outside: [],
      plan: [{ awarded: 19, percent: 50 }],
    })
    expect((await readFile(`${folder}/counts.csv`, 'utf8')).trim().split('\r\n').length).toBe(
      own.lines[0].rows.length + 1,
    )
    expect(await readFile(`${folder}/months.svg`, 'utf8')).toContain('2026 计划 / plan 38')
    const handedIn = await gradecert(['report', `${dir}/out`, ...offline(dir), '--json', '--at', day(22)])
    expect([handedIn.code, handedIn.lines[0]]).toEqual([
      1,
      expect.objectContaining({
        awarded: 19,
        revoked: 1,
        verdicts: { valid: 18, invalid: 1, undetermined: 0 },
      }),
    ])
    for (const text of [JSON.stringify(own.lines), JSON.stringify(handedIn.lines)])
      expect(text).not.toContain(number)
    const table = await gradecert(['report', '--dir', dir, '--lang', 'zh', '--at', day(22)])
    expect(table.out).toContain('示例评价机构')
  }, 60_000)

  test('is told of a plan that is none', async () => {
    const path = `${await temporaryFolder()}/plan.json`
    await writeFile(path, '{}')
    const answer = await gradecert(['report', '--plan', path, '--dir', `${template}/agency`])
    expect([answer.code, answer.err]).toEqual([64, expect.stringContaining('report.plan_malformed')])
  })
})
