/** A certificate with hidden fields: the holder shows the name alone, to one employer, for one request. */
import { randomUUID } from 'node:crypto'
import {
  awardFrom,
  generateSigner,
  type Instant,
  issueSdJwt,
  present,
  starterCatalogue,
  verify,
} from 'gradecert'

const agency = await generateSigner('P-256')
const wallet = await generateSigner()
const now = '2026-03-01T09:00:00Z' as Instant
const catalogue = starterCatalogue((path) => `https://cert.agency.example/catalogue/${path}`)

// The agency issues. The text holds everything, so it is for the holder alone.
const issued = await issueSdJwt(
  {
    type: 'ProfessionalTechnicalGradeCertificate',
    id: `urn:uuid:${randomUUID()}`,
    number: 'EX-2026-000018',
    issuer: { id: agency.controller, labels: { 'zh-Hans': '示例评价机构' } },
    holder: { id: `urn:uuid:${randomUUID()}`, name: '王𠮷' },
    zone: '+08:00',
    awardedOn: '2026-01-25',
    validFrom: '2026-01-25',
    award: awardFrom(catalogue, { occupationCode: '2-02-38-08', grade: 'junior' }),
    evaluation: { theory: 78, practical: 83.5 },
    training: [],
  },
  {
    signer: agency,
    holder: { idType: 'passport', idNumber: 'E12345678' },
    status: { uri: 'https://cert.agency.example/status/token-1.jwt', index: 4711 },
    confirmation: wallet.publicKey,
    created: now,
  },
)

// An employer draws a challenge; the holder answers with the name and nothing else.
const binding = { challenge: randomUUID(), domain: 'hr.example' }
const shown = await present(issued.text, {
  disclose: ['name'],
  keyBinding: { signer: wallet, audience: binding.domain, nonce: binding.challenge, now },
})

const report = await verify(shown, { binding, now })
if (shown.includes(Buffer.from('E12345678').toString('base64url'))) throw new Error('the ID number was shown')
if (report.checks.proof.outcome !== 'pass') throw new Error(JSON.stringify(report.checks.proof))
// Nobody was named as authority and no status list is at hand, so it is not called valid.
console.log(report.verdict, report.checks.format, report.checks.proof)
