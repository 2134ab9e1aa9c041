/** The words that exam systems use for how an assessment went. */
import { halfWidth, withoutInvisible } from './cell-text.ts'

export type ResultMeaning = 'pass' | 'fail' | 'absent' | 'disqualified' | 'pending' | 'exempt'

const words: Readonly<Record<ResultMeaning, readonly string[]>> = {
  pass: ['合格', '通过', '及格', '已通过', '考核合格', 'pass', 'passed', 'qualified', '是', 'y', 'yes'],
  fail: [
    '不合格',
    '未通过',
    '不通过',
    '没通过',
    '不及格',
    '未合格',
    '考核不合格',
    'fail',
    'failed',
    'unqualified',
    '否',
    'n',
    'no',
  ],
  absent: [
    '缺考',
    '未考',
    '缺席',
    '弃考',
    '未参加',
    '未参加考核',
    '未到',
    '旷考',
    'absent',
    'absence',
    'noshow',
  ],
  disqualified: [
    '违纪',
    '作弊',
    '舞弊',
    '替考',
    '雷同',
    '取消成绩',
    '成绩取消',
    '取消资格',
    '成绩无效',
    '无效',
    '违规',
    'disqualified',
    'cheating',
    'void',
    'voided',
    'cancelled',
  ],
  pending: [
    '待核',
    '待查',
    '待定',
    '待审',
    '待审核',
    '待核查',
    '待复核',
    '复核中',
    '核查中',
    '审核中',
    '待公布',
    '暂缓',
    '缓考',
    '未定',
    'pending',
    'onhold',
    'underreview',
    'tbd',
  ],
  exempt: ['免考', '免试', '豁免', 'exempt', 'exempted'],
}

const meanings: ReadonlyMap<string, ResultMeaning> = new Map(
  (Object.keys(words) as ResultMeaning[]).flatMap((meaning) =>
    words[meaning].map((word) => [word, meaning] as const),
  ),
)

/** What the word says; `undefined` for a word that is not in the table. Remarks in brackets do not count. */
export function meaningOf(word: string): ResultMeaning | undefined {
  return meanings.get(
    halfWidth(withoutInvisible(word))
      .replace(/\([^()]*\)|[\s_-]/g, '')
      .toLowerCase(),
  )
}
