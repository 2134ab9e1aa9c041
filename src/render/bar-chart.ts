/** Months as bars, stacked by grade, beside a line of where a plan should be: one SVG that loads nothing and runs nothing. */
import type { CountRow, Target } from '../batch/supervision.ts'
import { type GradeCode, gradeCodes, gradeLabels } from '../certificate/grade.ts'
import { escaped } from './markup.ts'

const width = 960
const height = 480
/** Room for axes and words, in the units of the picture. */
const room = { left: 72, right: 24, top: 56, bottom: 72 }

/** Greys that stay apart on paper, and a pattern each for eyes and printers that see none. */
const fills: Readonly<Record<GradeCode, { readonly colour: string; readonly mark: string }>> = {
  junior: { colour: '#dbe7f3', mark: '' },
  intermediate: { colour: '#7aa6d1', mark: '<path d="M0 8 8 0" stroke="#1f4e79" stroke-width="1"/>' },
  senior: { colour: '#1f4e79', mark: '<circle cx="4" cy="4" r="1.2" fill="#fff"/>' },
}

/**
 * @param rows counts; months without any between the first and the last are shown empty
 * @param target a number for all grades of a year: the line rises to it month by month
 */
export function barChart(rows: readonly CountRow[], target?: Pick<Target, 'year' | 'count'>): string {
  const months = monthsOf(rows, target?.year)
  const earlier = rows
    .filter(({ month }) => month < (months[0] ?? ''))
    .reduce((total, { awarded }) => total + awarded, 0)
  const count = (month: string, grade: GradeCode) =>
    rows
      .filter((row) => row.month === month && row.grade === grade)
      .reduce((sum, { awarded }) => sum + awarded, 0)
  const totals = months.map((month) => gradeCodes.reduce((sum, grade) => sum + count(month, grade), 0))
  const perMonth = target === undefined ? 0 : target.count / 12
  const top = niceTop(Math.max(1, perMonth, ...totals))
  const plotWidth = width - room.left - room.right
  const plotHeight = height - room.top - room.bottom
  const step = plotWidth / Math.max(1, months.length)
  const y = (value: number) => room.top + plotHeight * (1 - value / top)
  const bars = months.map((month, i) => {
    const x = room.left + i * step + step * 0.15
    let below = 0
    const parts = gradeCodes.flatMap((grade) => {
      const value = count(month, grade)
      if (value === 0) return []
      const rect = `x="${n(x)}" y="${n(y(below + value))}" width="${n(step * 0.7)}" height="${n((plotHeight * value) / top)}"`
      below += value
      const name = `${month} ${gradeLabels[grade]['zh-Hans']} ${gradeLabels[grade].en}: ${value}`
      return [`<rect ${rect} fill="url(#${grade})" stroke="#1f4e79"><title>${escaped(name)}</title></rect>`]
    })
    const label = `<text x="${n(x + step * 0.35)}" y="${height - room.bottom + 18}" text-anchor="middle">${escaped(month)}</text>`
    const total = `<text x="${n(x + step * 0.35)}" y="${n(y(totals[i] as number) - 4)}" text-anchor="middle">${totals[i]}</text>`
    return [...parts, label, total].join('\n')
  })
  const ticks = [0, 1, 2, 3, 4].map((i) => {
    const value = (top * i) / 4
    return `<path d="M${room.left} ${n(y(value))}H${width - room.right}" stroke="#ccc"/><text x="${room.left - 8}" y="${n(y(value) + 4)}" text-anchor="end">${n(value)}</text>`
  })
  const line =
    target === undefined
      ? ''
      : `<path d="M${room.left} ${n(y(perMonth))}H${width - room.right}" stroke="#b00020" stroke-width="2" stroke-dasharray="8 4" fill="none"/><text x="${width - room.right}" y="${n(y(perMonth) - 6)}" text-anchor="end" fill="#b00020">${target.year} 计划 / plan ${target.count} ÷ 12</text>`
  const legend = gradeCodes.map((grade, i) => {
    const x = room.left + i * 190
    const { 'zh-Hans': zh, en } = gradeLabels[grade]
    return `<rect x="${x}" y="16" width="18" height="18" fill="url(#${grade})" stroke="#1f4e79"/><text x="${x + 26}" y="30">${zh} ${en}</text>`
  })
  const sum = totals.reduce((a, b) => a + b, 0)
  const before =
    earlier === 0
      ? ''
      : `<text x="${width - room.right}" y="30" text-anchor="end">${months[0]} 以前 / before: ${earlier}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">
<title id="title">每月颁发的证书 / Certificates by month</title>
<desc id="desc">${escaped(`${sum} certificates; ${months.map((month, i) => `${month}: ${totals[i]}`).join(', ')}${earlier === 0 ? '' : `; earlier: ${earlier}`}`)}</desc>
<defs>${gradeCodes.map(pattern).join('')}</defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...ticks, ...bars, line, ...legend, before].join('\n')}
</svg>
`
}

const pattern = (grade: GradeCode): string =>
  `<pattern id="${grade}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${fills[grade].colour}"/>${fills[grade].mark}</pattern>`

/** Two decimals at most, so that every runtime writes the same. */
const n = (value: number): string => String(Math.round(value * 100) / 100)

/** 1, 2 or 5 times a power of ten, times four: ticks are whole where counts are. */
function niceTop(value: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (4 * factor * power >= value) return 4 * factor * power
  }
}

/** Every month from the first to the last, the latest ten years of them; a year that is planned is shown whole. */
function monthsOf(rows: readonly CountRow[], year: number | undefined): readonly string[] {
  const named = rows.map(({ month }) => month)
  if (year !== undefined) named.push(`${year}-01`, `${year}-12`)
  const [first, last] = [named.toSorted()[0], named.toSorted().at(-1)]
  if (first === undefined || last === undefined) return []
  const months: string[] = []
  for (let [at, m] = [Number(last.slice(0, 4)), Number(last.slice(5))]; months.length < monthLimit; m--) {
    if (m < 1) [at, m] = [at - 1, 12]
    const month = `${String(at).padStart(4, '0')}-${String(m).padStart(2, '0')}`
    if (month < first) break
    months.push(month)
  }
  return months.toReversed()
}

const monthLimit = 120
