/** The second half of the demo: keys, authorities, statuses and evidence over twenty years. Nothing in it asks a network. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

export interface Stage {
  readonly chapter: (title: string) => void
  /** Runs a command as typed and gives its lines; another exit code than the expected one stops the demo. */
  readonly type: (expected: number, ...argv: string[]) => Promise<readonly string[]>
  /** Addresses of the witnesses, which still run. */
  readonly witnesses: readonly string[]
}

/** Runs in the folder beside the first agency, with `results.csv`, `log` and `policy.txt` in it. */
export async function trustOverTime({ chapter, type, witnesses }: Stage): Promise<() => Promise<void>> {
  chapter('11. A ministry lets a province list agencies, and the province lists one / 部授权省，省认可机构')
  const [ministry = ''] = await type(0, 'keys', 'generate', '--out', 'ministry.json')
  const province = didIn(await type(0, 'keys', 'generate', '--out', 'province.json'))
  await type(
    0,
    'trust',
    'delegate',
    '--name',
    '示例省厅',
    '--key',
    province,
    '--region',
    'CN-BJ',
    '--out',
    'delegate.json',
  )
  await type(
    0,
    'trust',
    'sign',
    'delegate.json',
    '--key',
    'ministry.json',
    '--out',
    'national.json',
    '--days',
    '3650',
  )
  await type(0, 'init', 'web', '--name', '示例网上评价机构', '--did', 'web:cert.agency.example')
  process.chdir('web')
  await type(0, 'trust', 'build', '--out', 'draft.json')
  const parent = ['--key', '../province.json', '--parent', '../national.json']
  await type(0, 'trust', 'sign', 'draft.json', ...parent, '--out', '../trust.json', '--days', '365')
  await writeFile('rows.csv', await firstRows('../results.csv', 12))
  await type(
    0,
    'anchor',
    'add',
    'log',
    '--log',
    '../log',
    '--policy',
    '../policy.txt',
    ...witnesses.flatMap((url) => ['--witness', url]),
  )
  await type(0, 'issue', 'rows.csv', '--anchor', 'log')
  await type(0, 'publish')
  const [first = '', second = ''] = (await readdir('out')).filter((name) => !name.includes('.anchor.')).sort()
  const root = didIn([ministry])
  await type(
    0,
    'verify',
    `out/${first}`,
    '--trust',
    '../trust.json',
    '--root',
    root,
    '--evidence',
    'public/evidence.json',
  )
  // The thief has everything that the agency has today.
  await cp('.', '../thief', { recursive: true })

  /** What is told once the network is gone. */
  return async () => {
    const judge = [
      '--trust',
      '../trust.json',
      '--evidence',
      'public/evidence.json',
      '--chains',
      '../chains.json',
    ]

    chapter(
      '13. A new key follows the old one: nothing changes for what was signed / 更换密钥，旧证书不受影响',
    )
    await setTimeout(1100) // seconds are the grain of every date here
    await type(0, 'keys', 'rotate')
    await type(0, 'publish')
    await type(0, 'trust', 'build', '--out', 'draft.json')
    const next = [...parent, '--previous', '../trust.json', '--days', '365']
    await type(0, 'trust', 'sign', 'draft.json', ...next, '--out', '../trust.json')
    await type(0, 'verify', `out/${first}`, ...judge)

    chapter('14. The old key turns out to be stolen / 旧密钥被盗')
    const since = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    await type(0, 'keys', 'compromise', '--key', 'issuer-1', '--since', since)
    await type(0, 'publish')
    await type(0, 'trust', 'build', '--out', 'draft.json')
    await type(0, 'trust', 'sign', 'draft.json', ...next, '--out', '../trust.json')
    chapter('    … with an anchor from before the theft it stays good / 有泄露前的存证，仍然有效')
    await type(0, 'verify', `out/${first}`, ...judge)
    chapter('    … without one nobody can say that it is older / 没有存证，无法判定早于泄露')
    await mkdir('../alone')
    await cp(`out/${second}`, `../alone/${second}`)
    await type(2, 'verify', `../alone/${second}`, ...judge)
    chapter('    … and what the thief signs says itself that it is younger / 盗用者新签的证书无效')
    await setTimeout(1100)
    await writeFile('../thief/more.csv', await firstRows('../results.csv', 40))
    const before = new Set(await readdir('../thief/out'))
    await type(0, 'issue', '../thief/more.csv', '--dir', '../thief', '--quiet')
    const forged = (await readdir('../thief/out')).find((name) => !before.has(name)) ?? ''
    await type(1, 'verify', `../thief/out/${forged}`, ...judge)
    chapter('    … one command signs anew what the stolen key had signed / 一条命令重新签发')
    await type(0, 'keys', 'resign', '--out', 'resigned')
    await type(0, 'publish')
    await type(0, 'verify', 'resigned', ...judge)

    chapter('15. An employer screens a folder against a roster, under a policy / 用人单位按名册和策略筛查')
    const policy = {
      type: 'GradecertPolicy',
      version: 1,
      name: 'hr-2026',
      regions: ['CN'],
      maxStatusAge: 604_800,
    }
    await writeFile('../policy.json', JSON.stringify(policy))
    const people = await Promise.all(
      (await readdir('resigned'))
        .sort()
        .slice(0, 3)
        .map((name) => personIn(`resigned/${name}`)),
    )
    await writeFile('../roster.csv', ['姓名,证书编号', ...people, '查无此人,'].join('\n'))
    await cp('public/evidence.json', 'resigned/evidence.json') // found by itself
    const screening = ['--roster', '../roster.csv', '--policy', '../policy.json', '--trust', '../trust.json']
    await type(
      2,
      'screen',
      'resigned',
      ...screening,
      '--csv',
      '../screening.csv',
      '--html',
      '../screening.html',
    )

    chapter('16. The supervisor counts / 主管部门统计')
    await writeFile(
      '../plan.json',
      JSON.stringify({
        type: 'GradecertPlan',
        version: 1,
        year: new Date().getFullYear(),
        targets: [{ count: 10_000 }],
      }),
    )
    await type(0, 'report', '--plan', '../plan.json', '--svg', '../months.svg')

    chapter(
      '17. The agency is removed; what it awarded before stays good / 机构被移出名单，此前颁发的证书仍有效',
    )
    const record = [
      '--record',
      '../record.jsonl',
      '--receipt-key',
      '../province.json',
      '--export',
      'html:../reports.html',
    ]
    await type(0, 'verify', `resigned/${await firstOf('resigned')}`, ...judge, ...record)
    const removal = ['--previous', '../trust.json', '--remove', 'did:web:cert.agency.example']
    await type(0, 'trust', 'sign', ...parent, ...removal, '--out', '../removed.json')
    const removed = [
      '--trust',
      '../removed.json',
      '--evidence',
      'public/evidence.json',
      '--chains',
      '../chains.json',
    ]
    await type(0, 'verify', `resigned/${await firstOf('resigned')}`, ...removed)

    chapter(
      '18. Twenty years later: today nobody can say, but what was found then is found again / 二十年后重放',
    )
    const at = `${new Date().getFullYear() + 20}-01-01`
    await type(2, 'verify', `resigned/${await firstOf('resigned')}`, ...judge, '--at', at)
    await type(0, 'replay', '../record.jsonl', 'resigned', ...judge, '--at', at)
    process.chdir('..')
  }
}

const didIn = (lines: readonly string[]): string => /did:key:\w+/.exec(lines.join(' '))?.[0] ?? ''

const firstOf = async (folder: string): Promise<string> =>
  (await readdir(folder)).filter((name) => /\.json$/.test(name) && name !== 'evidence.json').sort()[0] ?? ''

/** The header and some rows of the export, as UTF-8. */
async function firstRows(path: string, count: number): Promise<string> {
  const lines = new TextDecoder('gb18030').decode(await readFile(path)).split('\r\n')
  return `${lines.slice(0, count + 1).join('\n')}\n`
}

/** A row of a roster: the name and the number on a certificate. */
async function personIn(path: string): Promise<string> {
  const { credentialSubject } = JSON.parse(await readFile(path, 'utf8'))
  return `${credentialSubject.identifier[0].identityHash},${credentialSubject.licenseNumber}`
}
