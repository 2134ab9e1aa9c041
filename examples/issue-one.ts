/** One certificate from a program of your own, signed by a key that stays in an HSM. */
import { randomUUID } from 'node:crypto'
import { awardFrom, generateSigner, issue, type Signer, starterCatalogue, verify } from 'gradecert'

// The HSM of this example keeps its key in memory; all that is asked of it is a signature over bytes.
const hsm = await generateSigner()
const signer: Signer = {
  algorithm: 'Ed25519',
  controller: hsm.controller,
  verificationMethod: hsm.verificationMethod,
  sign: async (bytes) => hsm.sign(bytes),
}

const catalogue = starterCatalogue((path) => `https://cert.agency.example/catalogue/${path}`)
const certificate = {
  type: 'ProfessionalTechnicalGradeCertificate',
  id: `urn:uuid:${randomUUID()}`,
  number: 'EX-2026-000017',
  issuer: { id: signer.controller, labels: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' } },
  holder: { id: `urn:uuid:${randomUUID()}`, name: '王𠮷' },
  zone: '+08:00',
  awardedOn: '2026-01-25',
  validFrom: '2026-01-25',
  region: 'CN-BJ',
  award: awardFrom(catalogue, { occupationCode: '2-02-38-08', grade: 'junior' }),
  training: [],
} as const

const { text } = await issue(certificate, {
  signer,
  status: {
    index: 48211,
    lists: {
      revocation: 'https://cert.agency.example/status/revocation-1.json',
      suspension: 'https://cert.agency.example/status/suspension-1.json',
    },
  },
})
console.log(`${text.length} characters`)

// Nobody was named as authority and no status list is at hand: nothing is wrong, and yet it is not called valid.
const report = await verify(text)
console.log(report.verdict, report.checks.proof.outcome, report.checks.status, report.checks.trust)
if (report.verdict !== 'undetermined') process.exitCode = 1
