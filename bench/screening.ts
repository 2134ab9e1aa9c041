/**
 * What screening costs on this machine: `npm run bench:screening [-- COUNT]`. An agency issues COUNT certificates (2,000 by
 * default) into a folder, which is screened against a roster of as many people, statuses and recognition included. Prints
 * seconds, and resident memory before and at its highest. Nothing here is a test.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Did } from '../src/base/did-url.ts'
import type { CalendarDate, Instant } from '../src/base/instant.ts'
import { awardFrom } from '../src/certificate/award.ts'
import type { GradeCertificate } from '../src/certificate/certificate.ts'
import { starterCatalogue } from '../src/certificate/starter-catalogue.ts'
import { run } from '../src/cli/run.ts'
import { contextTable } from '../src/credential/contexts.ts'
import { type EvidenceItem, evidenceFileText } from '../src/evidence/evidence.ts'
import { issue } from '../src/issue/issue.ts'
import { openWorkspace } from '../src/issue/workspace.ts'
import { addProof } from '../src/securing/add-proof.ts'
import { statusListCredential } from '../src/status/status-list.ts'

const count = Number(process.argv[2] ?? 2000)
const folder = mkdtempSync(join(tmpdir(), 'gradecert-bench-'))
const at = '2026-01-20T00:00:00Z' as Instant

const io = {
  out: () => {},
  err: (text: string) => process.stderr.write(text),
  stdin: async () => new Uint8Array(),
  env: {},
  now: Date.now,
  isTerminal: false,
  fetch: () => Promise.reject(new Error('the benchmark has no network')),
}
const gradecert = (...argv: string[]) => run([...argv, '--at', at], io)

try {
  const dir = join(folder, 'agency')
  await gradecert('init', dir, '--name', '示例评价机构')
  const { settings, signer, registry } = await openWorkspace(dir)
  registry.close()
  const award = awardFrom(
    starterCatalogue((path) => `urn:x:${path}`),
    {
      occupationCode: '2-02-38-01',
      grade: 'junior',
      direction: '计算机视觉产品实现',
    },
  )
  mkdirSync(join(folder, 'handed-in'))
  const people: string[] = ['姓名,证书编号']
  const lists = {
    revocation: 'urn:uuid:11111111-2222-4333-8444-555555555501',
    suspension: 'urn:uuid:11111111-2222-4333-8444-555555555502',
  }
  const items: EvidenceItem[] = []
  for (const purpose of ['revocation', 'suspension'] as const) {
    const list = statusListCredential({
      id: lists[purpose],
      issuer: settings.did as Did,
      purpose,
      validFrom: at,
      validUntil: '2026-02-20T00:00:00Z' as Instant,
      set: [],
    })
    const document = await addProof(list, {
      signer,
      suite: 'eddsa-jcs-2022',
      created: at,
      contexts: contextTable(),
    })
    items.push({ kind: 'status-list', url: lists[purpose], document })
  }
  const evidence = join(folder, 'evidence.json')
  writeFileSync(evidence, evidenceFileText({ items }))
  for (let i = 0; i < count; i++) {
    const hex = i.toString(16).padStart(12, '0')
    const certificate: GradeCertificate = {
      type: 'ProfessionalTechnicalGradeCertificate',
      id: `urn:uuid:11111111-2222-4333-8444-${hex}`,
      number: `PT26-${i}`,
      issuer: { id: settings.did as Did, labels: settings.labels },
      holder: { id: `urn:uuid:99999999-2222-4333-8444-${hex}`, name: `候选${i}` },
      zone: '+08:00',
      awardedOn: '2026-01-20' as CalendarDate,
      validFrom: '2026-01-20' as CalendarDate,
      region: settings.region,
      session: '2026-01',
      examinedOn: '2026-01-10' as CalendarDate,
      award,
      training: [],
    }
    const { text } = await issue(certificate, {
      signer,
      suite: 'eddsa-jcs-2022',
      created: at,
      status: { index: i % 131_072, lists },
    })
    writeFileSync(join(folder, 'handed-in', `${i}.json`), text)
    people.push(`候选${i},PT26-${i}`)
  }
  writeFileSync(join(folder, 'roster.csv'), people.join('\n'))
  const before = process.memoryUsage().rss
  let highest = before
  const sampler = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss)
  }, 20)
  const start = performance.now()
  const given = [
    '--roster',
    join(folder, 'roster.csv'),
    '--trust',
    join(dir, 'trust.json'),
    '--evidence',
    evidence,
  ]
  const written = ['--csv', join(folder, 'found.csv'), '--html', join(folder, 'found.html')]
  const watched = ['--watch', join(folder, 'seen.json')]
  const code = await gradecert('screen', join(folder, 'handed-in'), ...given, ...written, ...watched)
  // Anything but valid for everybody would measure less than it says.
  if (code !== 0) throw new Error(`exit code ${code}`)
  const seconds = (performance.now() - start) / 1000
  clearInterval(sampler)
  const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576)
  console.log(
    `${count} certificates screened in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`,
  )
  console.log(`resident memory ${mebibytes(before)} MiB before, ${mebibytes(highest)} MiB at its highest`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
