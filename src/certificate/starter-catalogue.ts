/** The catalogue that `init` writes: 14 occupations, three grades, hours and directions marked unconfirmed. */
import type { Catalogue, CatalogueOccupation } from './catalogue.ts'
import type { GradeCode } from './grade.ts'
import { gradeCodes } from './grade.ts'
import { type KnownOccupation, knownOccupations } from './occupation.ts'

/** Names a thing of the catalogue by its path, `2-02-38-01/junior`: a URL of the agency's, or a URN. */
export type NameThing = (path: string) => string

export function starterCatalogue(nameThing: NameThing): Catalogue {
  return {
    version: '2026.1',
    confirmed: false,
    certificateNumber: {
      pattern: '^PT\\d{2}-[0-9A-Z]{4}-\\d{2}-\\d{4}-[123]-\\d{7}-[0-9A-Z]$',
      check: 'iso7064-mod37-36',
    },
    passMark: 60,
    criteria:
      '理论知识与专业能力两项考核均为百分制，皆达60分（含）以上为合格。Two papers, theory and professional ability, each out of 100; both must reach 60.',
    occupations: knownOccupations.map((known) => starterOccupation(known, nameThing)),
    sites: [],
  }
}

/** Standard hours are set per standard; these are assumptions that an agency must confirm. */
const assumedHours: Readonly<Record<GradeCode, number>> = { junior: 64, intermediate: 80, senior: 80 }

/** Directions by occupation code; an occupation that is not named here takes none. */
const assumedDirections: Readonly<Record<string, readonly string[]>> = {
  '2-02-38-01': [
    '人工智能芯片产品实现',
    '人工智能平台产品实现',
    '自然语言及语音处理产品实现',
    '计算机视觉产品实现',
    '人工智能应用产品集成实现',
  ],
  '2-02-38-03': ['大数据处理', '大数据分析', '大数据管理'],
  '2-02-38-04': ['云计算运维', '云计算开发'],
  '2-02-38-05': ['装备与产线开发', '装备与产线应用', '生产管控', '装备与产线智能运维'],
  '2-02-38-09': ['集成电路设计', '集成电路工艺实现', '集成电路封测'],
  '2-02-38-11': ['增材制造技术开发', '增材制造技术应用'],
}

function starterOccupation(known: KnownOccupation, nameThing: NameThing): CatalogueOccupation {
  const { code, formerCode, labels, standardEdition } = known
  const standardCode = formerCode ?? code
  const zh = labels['zh-Hans']
  return {
    code,
    ...(formerCode !== undefined && { formerCode }),
    aliases: known.aliases,
    codeConfidence: known.codeConfidence,
    labels,
    id: nameThing(`occupations/${code}`),
    standard: {
      code: standardCode,
      edition: standardEdition,
      labels: { 'zh-Hans': `${zh}国家职业标准（${standardEdition}年版）` },
    },
    directions: (assumedDirections[code] ?? []).map((name) => ({ 'zh-Hans': name })),
    alignments: [
      ...(known.esco === undefined
        ? []
        : [{ name: known.esco.label, url: known.esco.uri, framework: 'ESCO' }]),
      {
        name: `ISCO-08 unit group ${known.isco08}`,
        url: `http://data.europa.eu/esco/isco/C${known.isco08}`,
        framework: 'ISCO-08',
        code: known.isco08,
      },
    ],
    items: Object.fromEntries(
      gradeCodes.map((grade) => [
        grade,
        {
          id: nameThing(`${code}/${grade}/v${standardEdition}`),
          criteriaId: nameThing(`${code}/${grade}/v${standardEdition}/criteria`),
          requiredTrainingHours: assumedHours[grade],
        },
      ]),
    ) as CatalogueOccupation['items'],
  }
}
