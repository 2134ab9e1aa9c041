/** Exam results as an exam system exports them, as many as are asked for: every person is made up and passes. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const header =
  '序号,考核批次,准考证号,姓名,证件类型,证件号码,性别,出生日期,工作单位,职业编码,职业名称,职业方向,申报等级,培训机构,培训学时,考核站点,考核日期,理论成绩,专业能力成绩,考核结果,备注'

const kinds = [
  ['2-02-38-01', '人工智能工程技术人员', '人工智能平台产品实现'],
  ['2-02-38-05', '智能制造工程技术人员', '装备与产线应用'],
  ['2-02-38-11', '增材制造工程技术人员', '增材制造技术应用'],
] as const

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨']
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华']

/** Writes a CSV of `count` rows. */
export async function writeResults(path: string, count: number): Promise<void> {
  const file = createWriteStream(path)
  file.write(`${header}\n`)
  for (let i = 0; i < count; i++) {
    if (!file.write(`${row(i)}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

function row(i: number): string {
  const [code, occupation, direction] = kinds[i % kinds.length] as (typeof kinds)[number]
  const birth = new Date(Date.UTC(1980, 0, 1 + (i % 7000))).toISOString().slice(0, 10)
  const name = `${surnames[i % surnames.length]}${given[i % given.length]}${given[(i >> 4) % given.length]}`
  const admission = `2026${String(i).padStart(12, '0')}`
  return [
    ...[
      i + 1,
      'BJ2026-01',
      admission,
      name,
      '居民身份证',
      idNumber(i, birth),
      i % 2 ? '女' : '男',
      birth,
      '',
    ],
    ...[code, occupation, direction, '初级', '示例大学继续教育学院', 64, 'BJ-01 海淀考核站', '2026-01-10'],
    ...[86.5, 82, '合格', ''],
  ].join(',')
}

/** GB 11643: six digits of a place, the date of birth, three of order, and a check digit by ISO 7064, MOD 11-2. */
function idNumber(i: number, birth: string): string {
  const place = 110101 + (Math.floor(i / 400) % 300)
  const order = 100 + (i % 400) * 2 + (i % 2 === 0 ? 1 : 0) // odd for men
  const digits = `${place}${birth.replaceAll('-', '')}${order}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return digits + '10X98765432'[sum % 11]
}
