/**
 * How many certificates one core draws as PDF: `npm run bench:render [-- --json FILE]`. A batch shares one cut of the fonts; each
 * page has its badge and evidence attached, with and without the code in its corner. `prepared` is reading the font for the
 * first time, cutting it down and packing what the pages share. Nothing here is a test.
 */
import { readFileSync } from 'node:fs'
import { utf8 } from '../src/base/bytes.ts'
import type { GradeCertificate } from '../src/certificate/certificate.ts'
import { evidenceFileText } from '../src/evidence/evidence.ts'
import { paperCode } from '../src/issue/paper-code.ts'
import { pdfMaker } from '../src/render/pdf.ts'
import type { Attachment } from '../src/render/pdf-document.ts'
import { measure, type Row, report } from './measure.ts'
import { agency, badge, badgeOptions, certificateOf, status } from './scene.ts'

/** As many as `gradecert render` gives one cut of the fonts. */
const groupSize = 64
const font = new URL(
  '../node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  import.meta.url,
)
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许']

const range = Array.from({ length: groupSize }, (_, i) => i)
const certificates = range.map((i): GradeCertificate => {
  const certificate = certificateOf(i)
  const name = [i, i * 7 + 3, i * 13 + 5].map((at) => given[at % given.length]).join('')
  return { ...certificate, holder: { ...certificate.holder, name } }
})
const evidence: Attachment = {
  name: 'evidence.json',
  mediaType: 'application/json',
  bytes: utf8(evidenceFileText({ items: status })),
  relationship: 'Supplement',
}
const pages = await Promise.all(
  range.map(async (i) => ({
    certificate: certificates[i] as GradeCertificate,
    attachments: [
      { name: `${i}.json`, mediaType: 'application/vc', bytes: utf8(await badge(i)), relationship: 'Source' },
      evidence,
    ] satisfies readonly Attachment[],
  })),
)
const codes = await Promise.all(
  certificates.map((certificate, i) => paperCode(certificate, { ...badgeOptions(i), signer: agency })),
)

const start = performance.now()
const fonts = [{ name: 'NotoSansSC', bytes: new Uint8Array(readFileSync(font)) }]
const first = await pdfMaker({ certificates, fonts })
const prepared = performance.now() - start
const again = performance.now()
const maker = await pdfMaker({ certificates, fonts })
const next = performance.now() - again

const pageAt = (turn: number) => pages[turn % groupSize] as (typeof pages)[number]
const rows: readonly Row[] = [
  { id: 'render/pdf', floor: 'sign', unit: (turn) => maker.render(pageAt(turn)) },
  {
    id: 'render/pdf+code',
    floor: 'sign',
    unit: (turn) => maker.render({ ...pageAt(turn), code: codes[turn % groupSize] }),
  },
]
report(await measure(rows))
const size = (await first.render({ ...pageAt(0), code: codes[0] })).length
console.log(
  `prepared in ${Math.round(prepared)} ms, the next ${groupSize} in ${Math.round(next)} ms; ${size} bytes with a code of ${codes[0]?.length} characters`,
)
