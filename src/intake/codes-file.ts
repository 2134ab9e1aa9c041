/** Codes about a whole file, a row, or a cell of any column. */
import type { CodeRow } from './finding.ts'

export const fileCodes = {
  FILE_EMPTY: {
    verdict: 'reject',
    en: ['The file is empty.', 'Export it again.'],
    zh: ['文件是空的。', '请重新导出。'],
  },
  FILE_TOO_LARGE: {
    verdict: 'reject',
    en: ['The file has more than {limit} MiB.', 'Split it and load the parts.'],
    zh: ['文件超过 {limit} MiB。', '请拆分后分别载入。'],
  },
  FILE_BINARY: {
    verdict: 'reject',
    en: [
      'The file is not a table: it holds {what}.',
      'Give the export as CSV (UTF-8 or GB18030), JSON Lines or .xlsx.',
    ],
    zh: ['文件不是表格（{what}）。', '请导出为 CSV（UTF-8 或 GB18030）、JSON Lines 或 .xlsx。'],
  },
  FILE_UTF16_NO_BOM: {
    verdict: 'reject',
    en: [
      'The file looks like {encoding} without a byte order mark.',
      'Save it as UTF-8, or as UTF-16 with a byte order mark.',
    ],
    zh: ['文件像是没有 BOM 的 {encoding}。', '请另存为 UTF-8，或带 BOM 的 UTF-16。'],
  },
  FILE_ENCODING: {
    verdict: 'reject',
    en: [
      'The bytes are neither UTF-8 nor GB18030, or the text is damaged.',
      'Export it again and do not edit it in between.',
    ],
    zh: ['文件既不是 UTF-8 也不是 GB18030，或内容已损坏。', '请重新导出，中途不要编辑。'],
  },
  FILE_HTML: {
    verdict: 'reject',
    en: [
      'The file is a web page or XML under the name of a table.',
      'Open it in Excel or WPS and save it as .xlsx or CSV UTF-8.',
    ],
    zh: ['文件实际是网页或 XML，不是表格。', '请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV UTF-8。'],
  },
  FILE_OLD_EXCEL: {
    verdict: 'reject',
    en: [
      'The file is an old .xls workbook or one with a password.',
      'Save it as .xlsx without a password, or as CSV UTF-8.',
    ],
    zh: ['文件是旧版 .xls 或带密码的工作簿。', '请另存为不带密码的 .xlsx 或 CSV UTF-8。'],
  },
  FILE_XLSX_UNREADABLE: {
    verdict: 'reject',
    en: [
      'The workbook cannot be read: {what}.',
      'Open it in Excel or WPS and save it as .xlsx again, or as CSV UTF-8.',
    ],
    zh: ['无法读取工作簿：{what}。', '请用 Excel 或 WPS 打开后重新另存为 .xlsx，或 CSV UTF-8。'],
  },
  FILE_XLSX_TOO_LARGE: {
    verdict: 'reject',
    en: [
      'The workbook unpacks to more than we read: {what}.',
      'Keep only the result sheet, or export CSV UTF-8.',
    ],
    zh: ['工作簿解压后超出上限：{what}。', '请只保留成绩表，或导出 CSV UTF-8。'],
  },
  FILE_JSON_ARRAY: {
    verdict: 'reject',
    en: ['The file is one JSON array.', 'Write one JSON object a line (JSON Lines).'],
    zh: ['文件是一个 JSON 数组。', '请改为每行一个 JSON 对象（JSON Lines）。'],
  },
  FILE_QUOTES: {
    verdict: 'reject',
    en: [
      'A quotation mark that opens on line {line} is never closed.',
      'Correct the quotation marks on that line, or export again.',
    ],
    zh: ['第 {line} 行的引号没有闭合。', '请更正该行引号，或重新导出。'],
  },
  FILE_ROW_TOO_LONG: {
    verdict: 'reject',
    en: [
      'The row on line {line} is longer than any result.',
      'Look for a missing quotation mark or line break there.',
    ],
    zh: ['第 {line} 行过长。', '请检查该处是否缺少引号或换行。'],
  },
  FILE_NO_HEADER: {
    verdict: 'reject',
    en: [
      'No header row was found in the first {rows} rows.',
      'The header must name columns such as 姓名, 证件号码, 理论成绩.',
    ],
    zh: ['前 {rows} 行中没有找到表头。', '表头应含 姓名、证件号码、理论成绩 等列名。'],
  },
  FILE_COLUMNS_MISSING: {
    verdict: 'reject',
    en: ['Required columns are missing: {columns}.', 'Add them, or rename the columns that hold them.'],
    zh: ['缺少必需的列：{columns}。', '请补上，或改用这些列名。'],
  },
  FILE_HEADER_REPEATED: {
    verdict: 'reject',
    en: ['Two columns stand for the same thing: {columns}.', 'Delete or rename one of them.'],
    zh: ['有列重复：{columns}。', '请删除或改名其中一列。'],
  },
  FILE_HEADER_CHANGED: {
    verdict: 'reject',
    en: [
      'Line {line} holds a second header with other columns: two exports in one file.',
      'Load them as two files.',
    ],
    zh: ['第 {line} 行出现列次不同的第二个表头：一个文件里有两份导出。', '请分成两个文件载入。'],
  },
  FILE_TOO_MANY_COLUMNS: {
    verdict: 'reject',
    en: ['The table has more than {limit} columns.', 'Keep only the columns of the results.'],
    zh: ['表格超过 {limit} 列。', '请只保留成绩相关的列。'],
  },
  FILE_TOO_MANY_RECORDS: {
    verdict: 'reject',
    en: ['The table has more than {limit} records.', 'Split it and load the parts.'],
    zh: ['表格超过 {limit} 条记录。', '请拆分后分别载入。'],
  },
  FILE_TRUNCATED: {
    verdict: 'hold',
    en: [
      'The file is cut off in its last record, so nothing of it is issued.',
      'Export it again, or allow a partial file if you know why it ends there.',
    ],
    zh: ['文件在最后一条记录处被截断，整个文件都不签发。', '请重新导出；确知原因时可允许不完整文件。'],
  },
  FILE_COLUMNS_IGNORED: {
    verdict: 'issue',
    en: ['Columns that we do not know were ignored: {columns}.', ''],
    zh: ['已忽略不认识的列：{columns}。', ''],
  },
  FILE_SHEETS_IGNORED: {
    verdict: 'issue',
    en: ['Only the sheet {sheet} was read; ignored: {sheets}.', 'Load other results as files of their own.'],
    zh: ['只读取了工作表 {sheet}；已忽略：{sheets}。', '其他成绩请另存为单独的文件。'],
  },
  FILE_PREAMBLE: {
    verdict: 'issue',
    en: ['Rows above the header were passed over: {rows}.', ''],
    zh: ['已跳过表头以上 {rows} 行。', ''],
  },
  FILE_NO_RECORDS: {
    verdict: 'issue',
    en: ['The file has a header but no record.', ''],
    zh: ['文件只有表头，没有记录。', ''],
  },
  ROW_SHAPE: {
    verdict: 'reject',
    en: [
      'The row has {cells} cells where the header has {columns}.',
      'Look for an unquoted separator or a cut row.',
    ],
    zh: ['该行有 {cells} 个单元格，表头有 {columns} 列。', '请检查未加引号的分隔符或被截断的行。'],
  },
  ROW_QUOTES: {
    verdict: 'reject',
    en: [
      'The quotation marks of this row are malformed; it may have swallowed the next row.',
      'Double the quotation marks inside a quoted cell.',
    ],
    zh: ['该行引号有误，可能并入了下一行。', '引号内的引号请写成两个。'],
  },
  ROW_JSON: {
    verdict: 'reject',
    en: ['The line is not a JSON object of plain values: {fault}.', 'Correct the line.'],
    zh: ['该行不是由简单值组成的 JSON 对象：{fault}。', '请更正该行。'],
  },
  ROW_EMPTY: {
    verdict: 'skip',
    en: ['The row is blank.', ''],
    zh: ['空行。', ''],
  },
  ROW_HEADER_REPEAT: {
    verdict: 'skip',
    en: ['The header is repeated here.', ''],
    zh: ['重复的表头。', ''],
  },
  ROW_SUMMARY: {
    verdict: 'skip',
    en: ['The row is a total or a footer, not a candidate.', ''],
    zh: ['合计或页脚行，不是考生。', ''],
  },
  CELL_TOO_LONG: {
    verdict: 'reject',
    en: ['The cell has more than {limit} characters.', 'Shorten it.'],
    zh: ['单元格超过 {limit} 个字符。', '请缩短。'],
  },
  CELL_FORMULA: {
    verdict: 'issue',
    en: ['The cell starts like a formula and was kept as text.', 'Check where it comes from.'],
    zh: ['单元格形似公式，已按文本保留。', '请核查来源。'],
  },
  CELL_WRAPPED: {
    verdict: 'issue',
    en: ['An apostrophe or ="…" around the value was taken off.', ''],
    zh: ['已去掉值外的撇号或 ="…"。', ''],
  },
  CELL_REPLACEMENT_CHAR: {
    verdict: 'reject',
    en: [
      'The cell holds U+FFFD: a character was lost in an earlier conversion.',
      'Correct it from the source system.',
    ],
    zh: ['单元格含 U+FFFD：先前转码时丢失了字符。', '请按源系统更正。'],
  },
  CONTROL_CHAR: {
    verdict: 'reject',
    en: ['The cell holds a control character.', 'Type the value again.'],
    zh: ['单元格含控制字符。', '请重新录入。'],
  },
  DUPLICATE_EXACT: {
    verdict: 'skip',
    en: ['The same row stands already in {file}, line {line}.', ''],
    zh: ['与 {file} 第 {line} 行完全相同。', ''],
  },
  DUPLICATE_CONFLICT: {
    verdict: 'hold',
    en: [
      'The same person, occupation, direction and grade stands in other rows with other values: {rows}.',
      'Decide which row is right and delete the others.',
    ],
    zh: ['同一人、同一职业、方向和等级另有不同的记录：{rows}。', '请确认哪一条正确并删除其余。'],
  },
  ID_NAME_CONFLICT: {
    verdict: 'hold',
    en: ['The same ID number stands with another name: {rows}.', 'Check the identity documents.'],
    zh: ['同一证件号码对应不同姓名：{rows}。', '请核对身份证件。'],
  },
  MULTI_GRADE: {
    verdict: 'hold',
    en: [
      'The same person sits another grade of this occupation in the same session: {rows}.',
      'Confirm the grade that was assessed.',
    ],
    zh: ['同一批次内此人申报同一职业的不同等级：{rows}。', '请确认实际考核的等级。'],
  },
} as const satisfies Readonly<Record<string, CodeRow>>
