import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, test } from 'vitest'
import { contextTable } from '../../src/credential/contexts.ts'
import { signerOfSecret } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { openSdJwt } from '../../src/securing/sd-jwt.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const at = '2026-02-20T00:00:00Z'
const issue = ['--at', at]

/** An agency with a P-256 key, certificates in both forms, one of them bound to a holder's key. */
async function agencyWithBoth(folder: string) {
  const dir = `${folder}/agency`
  const results = await shortExport(folder)
  await gradecert([
    'init',
    dir,
    '--name',
    '示例评价机构',
    '--did',
    'web:cert.agency.example',
    '--algorithm',
    'P-256',
  ])
  await gradecert(['keys', 'generate', '--out', `${folder}/holder.json`])
  const holder = JSON.parse(readFileSync(`${folder}/holder.json`, 'utf8'))
  await writeFile(`${folder}/holders.json`, JSON.stringify({ '2026013801100001': holder.publicKeyMultibase }))
  const both = [
    'issue',
    results,
    '--dir',
    dir,
    '--form',
    'both',
    '--holder-keys',
    `${folder}/holders.json`,
    ...issue,
  ]
  const issued = await gradecert([...both, '--json'])
  await gradecert(['publish', '--dir', dir, ...issue])
  const number = issued.lines[0].number as string
  const trusted = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`, ...issue]
  return { dir, results, both, issued, number, trusted, file: `${dir}/out/${number}` }
}

describe('certificates in both forms', () => {
  test('share number and status, stand in two files, and are both valid', async () => {
    const { dir, issued, number, trusted, file } = await agencyWithBoth(await temporaryFolder())
    expect(issued.lines[0]).toMatchObject({ outcome: 'issued', files: [`${file}.json`, `${file}.sd-jwt`] })
    expect(issued.lines.at(-1).summary).toMatchObject({ issued: 19 })
    expect(await readdir(`${dir}/out`)).toHaveLength(38)
    const before = await gradecert(['verify', `${dir}/out`, ...trusted, '--json'])
    expect(before.lines.map(({ verdict }) => verdict)).toEqual(Array(38).fill('valid'))
    expect(
      before.lines.map(({ certificate }) => certificate.number).filter((one) => one === number),
    ).toHaveLength(2)

    await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir, ...issue])
    await gradecert(['publish', '--dir', dir, ...issue])
    const after = await gradecert(['verify', `${file}.json`, `${file}.sd-jwt`, ...trusted, '--json'])
    expect(after.lines.map(({ checks }) => checks.status.reason)).toEqual(['revoked', 'revoked'])
    expect(after.code).toBe(1)
  })

  test('no ID number stands in a badge, the registry, or anything published', async () => {
    const { dir, results } = await agencyWithBoth(await temporaryFolder())
    const rows = readFileSync(results, 'utf8').split('\n').slice(1, -1)
    const idNumbers = rows.map((row) => row.split(',')[5] as string).filter((id) => id.length > 6)
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    )
    const told = files
      .filter(({ name }) => !name.endsWith('.sd-jwt'))
      .filter(({ parentPath, name }) => {
        const text = readFileSync(`${parentPath}/${name}`, 'latin1')
        return idNumbers.some((id) => text.includes(id))
      })
    expect(files.length).toBeGreaterThan(50)
    expect(told.map(({ name }) => name)).toEqual([])
  })

  test('are made again byte for byte, and bound as before without the file of keys', async () => {
    const { dir, results, file } = await agencyWithBoth(await temporaryFolder())
    const before = readFileSync(`${file}.sd-jwt`, 'utf8')
    const opening = openSdJwt(before)
    expect(opening.ok && opening.sdJwt.jws.payload.cnf).toMatchObject({ jwk: { crv: 'Ed25519' } })
    const again = ['issue', results, '--dir', dir, '--form', 'both', ...issue, '--json']
    expect((await gradecert(again)).lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 19 })
    await writeFile(`${file}.sd-jwt`, before.slice(0, -30))
    expect((await gradecert(again)).lines.at(-1).summary).toMatchObject({ issued: 1, already_issued: 18 })
    const repaired = readFileSync(`${file}.sd-jwt`, 'utf8')
    expect(repaired).toBe(before)
    await rm(`${file}.json`)
    await gradecert(again)
    expect(existsSync(`${file}.json`)).toBe(true)
  })

  test.each([
    ['vc+jwt', 'jwt'],
    ['badge-jwt', 'jwt'],
    ['ecdsa-jcs-2019', 'json'],
  ])('a badge secured by %s is a .%s file that verifies', async (suite, extension) => {
    const folder = await temporaryFolder()
    const dir = `${folder}/agency`
    await gradecert(['init', dir, '--name', '示例评价机构', '--algorithm', 'P-256'])
    const results = await shortExport(folder, 3)
    const issued = await gradecert(['issue', results, '--dir', dir, '--suite', suite, ...issue, '--json'])
    await gradecert(['publish', '--dir', dir, ...issue])
    expect(issued.lines[0].files).toEqual([expect.stringMatching(new RegExp(`\\.${extension}$`))])
    const trusted = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`, ...issue]
    const { lines, code } = await gradecert(['verify', `${dir}/out`, ...trusted, '--json'])
    expect(lines.map(({ verdict }) => verdict)).toEqual(Array(lines.length).fill('valid'))
    expect(code).toBe(0)
  })

  test('a suite that does not go with the key is refused before anything is issued', async () => {
    const folder = await temporaryFolder()
    await gradecert(['init', `${folder}/a`, '--name', '示例评价机构'])
    const results = await shortExport(folder, 3)
    const { code, err } = await gradecert([
      'issue',
      results,
      '--dir',
      `${folder}/a`,
      '--suite',
      'ecdsa-rdfc-2019',
      ...issue,
    ])
    expect([code, err]).toEqual([64, expect.stringContaining('securing.wrong_algorithm')])
    expect(existsSync(`${folder}/a/out`)).toBe(false)
    const again = await gradecert(['issue', results, '--dir', `${folder}/a`, ...issue, '--json'])
    expect(again.lines.at(-1).summary.issued).toBeGreaterThan(0)
  })
})

describe('present and verify', () => {
  let scene: Awaited<ReturnType<typeof agencyWithBoth>>
  let folder: string
  const bound = ['--challenge', 'c-1', '--domain', 'hr.example']
  const present = (...more: readonly string[]) =>
    gradecert(['present', `${folder}/one.sd-jwt`, ...issue, ...more])
  beforeAll(async () => {
    folder = await mkdtemp(`${tmpdir()}/gradecert-test-`)
    scene = await agencyWithBoth(folder)
    await cp(`${scene.file}.sd-jwt`, `${folder}/one.sd-jwt`)
    await cp(`${scene.file}.json`, `${folder}/badge.json`)
    return () => rm(folder, { recursive: true, force: true })
  })
  const judge = async (text: string, ...more: readonly string[]) => {
    await writeFile(`${folder}/shown.sd-jwt`, text)
    const dir = `${folder}/agency`
    const trusted = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`, ...issue]
    return gradecert(['verify', `${folder}/shown.sd-jwt`, ...trusted, '--json', ...more])
  }

  test('only what is named is shown, and the report says what that was', async () => {
    const { out, code } = await present('--disclose', 'name')
    expect(code).toBe(0)
    expect(out).not.toContain(readFileSync(`${folder}/one.sd-jwt`, 'utf8').split('~')[3])
    const { lines } = await judge(out)
    expect(lines[0]).toMatchObject({
      verdict: 'valid',
      certificate: { form: 'sd-jwt', holder: { name: '周勇浩' } },
      checks: { format: { facts: { form: 'sd-jwt', disclosed: ['/name'], partial: true } } },
    })
    expect(lines[0].certificate.holder).toEqual({ name: '周勇浩' })
  })

  test('with the holder’s key it is bound to who asked, and when', async () => {
    const { out } = await present('--disclose', 'name', '--key', `${folder}/holder.json`, ...bound)
    const { lines, code } = await judge(out, ...bound)
    expect([lines[0].verdict, code]).toEqual(['valid', 0])
    expect(lines[0].checks.proof.facts.boundTo).toMatch(/^[\w-]{43}$/)
    const words = await gradecert(['verify', `${folder}/shown.sd-jwt`, ...bound, ...issue, '--lang', 'zh'])
    expect(words.out).toContain('持有人披露：name')
  })

  test.each<[what: string, more: readonly string[], asked: readonly string[], reason: string]>([
    ['no binding where one is asked', [], bound, 'key_binding_missing'],
    [
      'a binding for another challenge',
      ['KEY', ...bound],
      ['--challenge', 'c-2', '--domain', 'hr.example'],
      'key_binding_nonce',
    ],
    [
      'a binding for another verifier',
      ['KEY', ...bound],
      ['--challenge', 'c-1', '--domain', 'other.example'],
      'key_binding_audience',
    ],
  ])('%s is refused', async (_what, more, asked, reason) => {
    const key = more.includes('KEY') ? ['--key', `${folder}/holder.json`] : []
    const { out } = await present(...key, ...more.filter((word) => word !== 'KEY'))
    const { lines, code } = await judge(out, ...asked)
    expect([lines[0].verdict, lines[0].checks.proof.reason, code]).toEqual(['invalid', reason, 1])
  })

  test('with --any the issuer of a credential need not be recognised', async () => {
    const evidence = ['--evidence', `${folder}/agency/public/evidence.json`, ...issue]
    const argv = ['verify', `${folder}/badge.json`, `${folder}/one.sd-jwt`, '--any', ...evidence]
    const { lines, out, code } = await gradecert([...argv, '--json'])
    // The issuer is a did:web, and nobody asked at its own address.
    expect(lines.map(({ checks }) => [checks.trust.because, checks.issuer.reason])).toEqual([
      ['not_asked', 'key_not_vouched'],
      ['not_asked', 'key_not_vouched'],
    ])
    expect([code, out]).toEqual([2, expect.stringContaining('"claimed":{"@context"')])
    const said = (await gradecert(argv)).out
    expect(said).toContain('ProfessionalTechnicalGradeCertificate · did:web:cert.agency.example')
    expect(said).toContain(
      'https://w3id.org/gradecert/vct/grade-certificate/v1 · did:web:cert.agency.example',
    )
  })

  test('a badge is no answer to a challenge', async () => {
    const { lines } = await gradecert(['verify', `${folder}/badge.json`, '--json', ...bound, ...issue])
    expect(lines[0].checks.proof.reason).toBe('binding_missing')
  })

  test('a presentation of W3C is judged with each certificate in it', async () => {
    const holder = signerOfSecret(
      JSON.parse(readFileSync(`${folder}/holder.json`, 'utf8')).secretKeyMultibase,
    )
    const presentation = await addProof(
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: holder.controller,
        verifiableCredential: [JSON.parse(readFileSync(`${folder}/badge.json`, 'utf8'))],
      },
      {
        signer: holder,
        suite: 'eddsa-jcs-2022',
        created: at as never,
        purpose: 'authentication',
        challenge: 'c-1',
        domain: 'hr.example',
        contexts: contextTable(),
      },
    )
    const good = await judge(JSON.stringify(presentation), ...bound)
    expect(good.lines[0]).toMatchObject({
      verdict: 'valid',
      holder: holder.controller,
      credentials: [{ report: { verdict: 'valid' }, isAboutHolder: false }],
    })
    const other = await judge(JSON.stringify(presentation), '--challenge', 'c-2', '--domain', 'hr.example')
    expect(other.lines[0]).toMatchObject({
      verdict: 'invalid',
      checks: { proof: { reason: 'proof_challenge' } },
    })
    const dir = `${folder}/agency`
    const words = await gradecert([
      ...['verify', `${folder}/shown.sd-jwt`, '--trust', `${dir}/trust.json`, ...bound, ...issue],
      ...['--evidence', `${dir}/public/evidence.json`],
    ])
    expect(words.out).toContain(`presented by ${holder.controller}`)
    expect(words.out).toContain('about somebody else than who presents it')
  })

  test.each<[what: string, argv: readonly string[], code: string]>([
    ['a field that does not exist', ['--disclose', 'salary'], 'cli.field_unknown'],
    ['a key without a challenge', ['--key', 'HOLDER'], 'cli.binding_incomplete'],
    ['the key of somebody else', ['--key', 'AGENCY', ...bound], 'securing.not_the_holder'],
  ])('present refuses %s', async (_what, argv, code) => {
    const paths: Record<string, string> = {
      HOLDER: `${folder}/holder.json`,
      AGENCY: `${folder}/agency/keys/issuer-1.json`,
    }
    const { code: exit, err } = await present(...argv.map((word) => paths[word] ?? word))
    expect([exit, err]).toEqual([64, expect.stringContaining(code)])
  })

  test.each<[what: string, argv: readonly string[]]>([
    ['a challenge without a domain', ['--challenge', 'c-1']],
    ['a domain without a challenge', ['--domain', 'hr.example']],
    ['an empty challenge', ['--challenge', '', '--domain', 'hr.example']],
  ])('verify refuses %s', async (_what, argv) => {
    const { code, err } = await gradecert(['verify', `${folder}/badge.json`, ...argv])
    expect([code, err]).toEqual([64, expect.stringContaining('verify.binding_malformed')])
  })

  test('present writes a file where one is named, and misses one that is not there', async () => {
    const { lines } = await present('--disclose', 'name', '--out', `${folder}/out.sd-jwt`, '--json')
    expect(lines).toEqual([{ out: `${folder}/out.sd-jwt`, disclosed: ['name'] }])
    const missing = await gradecert(['present', `${folder}/none.sd-jwt`])
    expect([missing.code, missing.err]).toEqual([74, expect.stringContaining('carrier.not_found')])
  })

  test.each([
    ['no object', '[]'],
    ['no key', '{"2026013801100001":"z6Mk"}'],
  ])('a file of holders’ keys with %s is refused, without showing what it has', async (_what, text) => {
    await writeFile(`${folder}/bad.json`, text)
    const argv = ['issue', scene.results, '--dir', `${folder}/agency`, '--holder-keys', `${folder}/bad.json`]
    const { code, err } = await gradecert([...argv, ...issue])
    expect([code, err]).toEqual([64, expect.stringContaining('cli.holder_keys_malformed')])
    expect(err).not.toContain('2026013801100001')
  })
})
