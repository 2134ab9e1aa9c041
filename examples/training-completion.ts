/** Completion of a training for chief data officers: issued by the same means, never taken for a grade certificate. */
import { randomUUID } from 'node:crypto'
import { generateSigner, issue, verify } from 'gradecert'

const signer = await generateSigner()
const completion = {
  type: 'TrainingCompletionCertificate',
  id: `urn:uuid:${randomUUID()}`,
  issuer: {
    id: signer.controller,
    labels: { 'zh-Hans': '示例继续教育基地', en: 'Example continuing-education base' },
  },
  holder: { id: `urn:uuid:${randomUUID()}`, name: '周敏' },
  zone: '+08:00',
  awardedOn: '2026-05-20',
  validFrom: '2026-05-20',
  startedOn: '2026-05-11',
  completedOn: '2026-05-15',
  course: {
    id: 'https://training.base.example/catalogue/cdo-2026',
    labels: { 'zh-Hans': '企业首席数据官素养能力培训', en: 'Enterprise chief data officer training' },
    description: '40学时。40 hours.',
    criteria: '出勤率90%以上并完成结业作业。Attendance of 90% and a final assignment.',
    alignments: [],
  },
  training: [{ provider: '示例继续教育基地', hours: 40, unit: '继续教育学时' }],
} as const

const { text } = await issue(completion, { signer })
const asGrade = await verify(text)
const asTraining = await verify(text, { policy: { types: ['TrainingCompletionCertificate'] } })
console.log(asGrade.verdict, asGrade.checks.format)
console.log(asTraining.verdict, asTraining.checks.format, asTraining.checks.proof.outcome)
if (asGrade.verdict !== 'invalid' || asTraining.checks.proof.outcome !== 'pass') process.exitCode = 1
