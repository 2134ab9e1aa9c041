/** Codes about what was assessed and how it went: session, occupation, grade, training, dates, scores, result. */
import type { CodeRow } from './finding.ts'

export const awardCodes = {
  SESSION_EMPTY: {
    verdict: 'reject',
    en: ['The assessment session is empty.', 'Fill it in: it keeps a result from being issued twice.'],
    zh: ['考核批次为空。', '请填写：它用于防止重复签发。'],
  },
  ADMISSION_NUMBER_LOST: {
    verdict: 'issue',
    en: [
      'The admission number was stored as a number and lost digits; it was left out.',
      'Export the column as text.',
    ],
    zh: ['准考证号以数值保存，已丢失位数，未采用。', '请以文本格式导出该列。'],
  },
  OCC_EMPTY: {
    verdict: 'reject',
    en: ['Neither a code nor a name of the occupation is given.', 'Fill in the occupation code.'],
    zh: ['职业编码和职业名称都为空。', '请填写职业编码。'],
  },
  OCC_CODE_EMPTY: {
    verdict: 'hold',
    en: [
      'The occupation code is empty; by its name it would be {suggestion}.',
      'Confirm and fill in the code.',
    ],
    zh: ['职业编码为空；按名称应为 {suggestion}。', '请确认并填写编码。'],
  },
  OCC_CODE_FORMER: {
    verdict: 'issue',
    en: ['The former or alternative code {code} was changed to {current}.', ''],
    zh: ['已将旧编码或别用编码 {code} 转为 {current}。', ''],
  },
  OCC_CODE_FORMAT: {
    verdict: 'issue',
    en: ['The occupation code was rewritten as {current}.', ''],
    zh: ['职业编码已改写为 {current}。', ''],
  },
  OCC_NAME_ALIAS: {
    verdict: 'issue',
    en: ['The occupation name was read as {name}.', ''],
    zh: ['职业名称已按 {name} 理解。', ''],
  },
  OCC_NAME_MISMATCH: {
    verdict: 'hold',
    en: ['Code {code} is {name}, but the row names another occupation.', 'Confirm which one was assessed.'],
    zh: ['编码 {code} 是 {name}，与职业名称不符。', '请确认实际考核的职业。'],
  },
  OCC_UNKNOWN: {
    verdict: 'reject',
    en: [
      'The occupation is not in the catalogue.',
      'Correct the code, or add the occupation to the catalogue.',
    ],
    zh: ['目录中没有该职业。', '请更正编码，或将该职业加入目录。'],
  },
  OCC_WRONG_FAMILY: {
    verdict: 'reject',
    en: [
      'This occupation has five or eight skill levels, not three professional grades.',
      'It needs a certificate of another scheme.',
    ],
    zh: ['该职业属职业技能等级（五级或八级），没有专业技术等级。', '请使用相应的职业技能等级证书。'],
  },
  DIRECTION_REQUIRED: {
    verdict: 'hold',
    en: ['This occupation needs a direction.', 'Fill in one of: {directions}.'],
    zh: ['该职业须填写职业方向。', '请填写：{directions}。'],
  },
  DIRECTION_UNKNOWN: {
    verdict: 'hold',
    en: ['The catalogue does not list this direction.', 'Use one of: {directions}.'],
    zh: ['目录中没有该职业方向。', '请使用：{directions}。'],
  },
  DIRECTION_UNEXPECTED: {
    verdict: 'hold',
    en: [
      'This occupation has no directions in the catalogue.',
      'Empty the cell, or add the direction to the catalogue.',
    ],
    zh: ['目录中该职业不分方向。', '请清空，或将该方向加入目录。'],
  },
  GRADE_EMPTY: {
    verdict: 'reject',
    en: ['The grade is empty.', 'Fill in 初级, 中级 or 高级.'],
    zh: ['等级为空。', '请填写初级、中级或高级。'],
  },
  GRADE_ALIAS: {
    verdict: 'issue',
    en: ['The grade was read as {grade}.', ''],
    zh: ['等级已按 {grade} 理解。', ''],
  },
  GRADE_UNKNOWN: {
    verdict: 'reject',
    en: ['The word for the grade is not known.', 'Use 初级, 中级 or 高级.'],
    zh: ['不认识的等级。', '请使用初级、中级或高级。'],
  },
  GRADE_WRONG_FAMILY: {
    verdict: 'reject',
    en: [
      'The grade is a skill level, not a professional grade.',
      'Use 初级, 中级 or 高级 if that was assessed.',
    ],
    zh: ['所填为职业技能等级，不是专业技术等级。', '如确为专业技术等级，请填写初级、中级或高级。'],
  },
  GRADE_TITLE_CONFUSION: {
    verdict: 'hold',
    en: ['The grade cell holds a professional title.', 'Confirm which grade was assessed.'],
    zh: ['等级栏填的是职称。', '请确认考核的等级。'],
  },
  TRAINING_HOURS_MISSING: {
    verdict: 'hold',
    en: [
      'The training hours are empty; {required} standard hours are required.',
      'Fill in the hours that were certified.',
    ],
    zh: ['培训学时为空；要求 {required} 标准学时。', '请填写经证明的学时。'],
  },
  TRAINING_HOURS_LOW: {
    verdict: 'hold',
    en: [
      '{hours} standard training hours are fewer than the {required} required.',
      'Check the hours, or the catalogue.',
    ],
    zh: ['{hours} 学时少于要求的 {required} 标准学时。', '请核对学时或目录。'],
  },
  TRAINING_HOURS_FORMAT: {
    verdict: 'issue',
    en: ['The training hours were read as {hours}.', ''],
    zh: ['培训学时已按 {hours} 理解。', ''],
  },
  TRAINING_HOURS_UNREADABLE: {
    verdict: 'hold',
    en: ['The training hours are not a plain number.', 'Fill in standard hours as a number.'],
    zh: ['培训学时不是数字。', '请以数字填写标准学时。'],
  },
  DATE_EMPTY: {
    verdict: 'reject',
    en: ['The date of the assessment is empty.', 'Fill it in as YYYY-MM-DD.'],
    zh: ['考核日期为空。', '请按 YYYY-MM-DD 填写。'],
  },
  DATE_FORMAT: {
    verdict: 'issue',
    en: ['The date was rewritten as YYYY-MM-DD.', ''],
    zh: ['日期已改写为 YYYY-MM-DD。', ''],
  },
  DATE_FULLWIDTH: {
    verdict: 'issue',
    en: ['Full-width digits of the date were changed to ordinary ones.', ''],
    zh: ['已将日期中的全角数字转为半角。', ''],
  },
  DATE_CHINESE_NUMERALS: {
    verdict: 'issue',
    en: ['The date in Chinese numerals was rewritten as YYYY-MM-DD.', ''],
    zh: ['中文数字日期已改写为 YYYY-MM-DD。', ''],
  },
  DATE_EXCEL_SERIAL: {
    verdict: 'issue',
    en: ['A serial number of Excel was read as a date.', ''],
    zh: ['已将 Excel 日期序号转为日期。', ''],
  },
  DATE_TIMEZONE: {
    verdict: 'issue',
    en: ['A moment with a time zone was taken as the day it is in {zone}.', ''],
    zh: ['带时区的时刻已换算为 {zone} 的日期。', ''],
  },
  DATE_AMBIGUOUS: {
    verdict: 'hold',
    en: ['Day and month cannot be told apart.', 'Write the date as YYYY-MM-DD.'],
    zh: ['无法区分日和月。', '请按 YYYY-MM-DD 填写。'],
  },
  DATE_TWO_DIGIT_YEAR: {
    verdict: 'hold',
    en: ['The year has two digits only.', 'Write the date as YYYY-MM-DD.'],
    zh: ['年份只有两位。', '请按 YYYY-MM-DD 填写。'],
  },
  DATE_INVALID: {
    verdict: 'reject',
    en: ['This is no date, or a day that does not exist.', 'Write the date as YYYY-MM-DD.'],
    zh: ['不是日期，或该日不存在。', '请按 YYYY-MM-DD 填写。'],
  },
  DATE_FUTURE: {
    verdict: 'hold',
    en: ['The date lies in the future.', 'Correct it, or wait for the day.'],
    zh: ['日期在未来。', '请更正，或届时再办。'],
  },
  DATE_TOO_OLD: {
    verdict: 'hold',
    en: ['The date lies before {earliest}.', 'Correct it.'],
    zh: ['日期早于 {earliest}。', '请更正。'],
  },
  SCORE_MISSING: {
    verdict: 'hold',
    en: ['A score is missing.', 'Fill it in, or 缺考 if the candidate was absent.'],
    zh: ['缺少成绩。', '请补填；未参加考核请填“缺考”。'],
  },
  SCORE_FULLWIDTH: {
    verdict: 'issue',
    en: ['Full-width digits of the score were changed to ordinary ones.', ''],
    zh: ['已将成绩中的全角数字转为半角。', ''],
  },
  SCORE_UNIT: {
    verdict: 'issue',
    en: ['The unit after the score was taken off.', ''],
    zh: ['已去掉成绩后的单位。', ''],
  },
  SCORE_RANGE: {
    verdict: 'reject',
    en: ['The score lies outside 0 to 100.', 'Correct it.'],
    zh: ['成绩不在 0 至 100 之间。', '请更正。'],
  },
  SCORE_SENTINEL: {
    verdict: 'hold',
    en: ['-1 is a mark of the exam platform, not a score.', 'Fill in the score, or 缺考.'],
    zh: ['-1 是考试平台的标记，不是成绩。', '请填写成绩或“缺考”。'],
  },
  SCORE_DECIMAL_COMMA: {
    verdict: 'hold',
    en: ['The score is written with a comma.', 'Write it with a decimal point.'],
    zh: ['成绩用了逗号。', '请使用小数点。'],
  },
  SCORE_PERCENT: {
    verdict: 'hold',
    en: ['The score is a percentage.', 'Write points out of 100.'],
    zh: ['成绩写成了百分比。', '请填写百分制分数。'],
  },
  SCORE_PRECISION: {
    verdict: 'hold',
    en: [
      'The score has more than two decimals, which no certificate can state.',
      'Write it with two decimals at most.',
    ],
    zh: ['成绩超过两位小数，证书无法载明。', '请最多保留两位小数。'],
  },
  SCORE_EXEMPT: {
    verdict: 'hold',
    en: [
      'The paper is marked as exempt, but both papers need a score.',
      'Decide by your rules for exemptions.',
    ],
    zh: ['该科标为免考，但两科都须有成绩。', '请按免考规定处理。'],
  },
  SCORE_UNREADABLE: {
    verdict: 'hold',
    en: ['The score is not a plain number.', 'Write points out of 100.'],
    zh: ['成绩不是数字。', '请填写百分制分数。'],
  },
  SCORE_BELOW_60: {
    verdict: 'no_certificate',
    en: ['A score is below the pass mark of {passMark}.', ''],
    zh: ['有一科低于合格线 {passMark} 分。', ''],
  },
  ABSENT: {
    verdict: 'no_certificate',
    en: ['The candidate was absent.', ''],
    zh: ['缺考。', ''],
  },
  DISQUALIFIED: {
    verdict: 'no_certificate',
    en: ['The candidate was disqualified.', ''],
    zh: ['违纪或成绩取消。', ''],
  },
  RESULT_CONFLICT: {
    verdict: 'hold',
    en: ['The declared result contradicts the scores.', 'Find out which is right.'],
    zh: ['考核结果与成绩矛盾。', '请查明哪个正确。'],
  },
  RESULT_PENDING: {
    verdict: 'hold',
    en: ['The result is not decided yet.', 'Load the row again when it is.'],
    zh: ['结果待定。', '确定后请重新载入。'],
  },
  RESULT_UNKNOWN: {
    verdict: 'hold',
    en: ['The word for the result is not known.', 'Use 合格, 不合格, 缺考, 违纪 or 待核.'],
    zh: ['不认识的考核结果。', '请使用合格、不合格、缺考、违纪或待核。'],
  },
  RESULT_EMPTY: {
    verdict: 'issue',
    en: ['The declared result is empty; the scores decided.', ''],
    zh: ['考核结果为空，按成绩判定。', ''],
  },
} as const satisfies Readonly<Record<string, CodeRow>>
