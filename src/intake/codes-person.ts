/** Codes about who sat the assessment: name, ID document, birth date, gender. */
import type { CodeRow } from './finding.ts'

export const personCodes = {
  NAME_EMPTY: {
    verdict: 'reject',
    en: ['The name is empty.', 'Fill it in as on the ID document.'],
    zh: ['姓名为空。', '请按证件填写。'],
  },
  NAME_TRIM: {
    verdict: 'issue',
    en: ['Spaces around the name were taken off.', ''],
    zh: ['已去掉姓名首尾空格。', ''],
  },
  NAME_INNER_SPACE: {
    verdict: 'issue',
    en: ['Spaces inside the name were taken out.', ''],
    zh: ['已去掉姓名中间的空格。', ''],
  },
  NAME_MIDDLE_DOT: {
    verdict: 'issue',
    en: ['The middle dot was changed to the right one, U+00B7.', ''],
    zh: ['已将间隔号统一为 U+00B7。', ''],
  },
  NAME_FULLWIDTH: {
    verdict: 'issue',
    en: ['Full-width letters were changed to ordinary ones.', ''],
    zh: ['已将全角字母转为半角。', ''],
  },
  NAME_KANGXI_RADICAL: {
    verdict: 'issue',
    en: ['A Kangxi radical was changed to the character it stands for.', ''],
    zh: ['已将康熙部首转为对应汉字。', ''],
  },
  NAME_COMPAT_IDEOGRAPH: {
    verdict: 'issue',
    en: [
      'The name holds a compatibility ideograph; it is kept as given.',
      'Compare it with the ID document.',
    ],
    zh: ['姓名含兼容汉字，按原样保留。', '请与证件核对。'],
  },
  NAME_VARIATION_SELECTOR: {
    verdict: 'issue',
    en: ['The name holds a variation selector; it is kept as given.', 'Compare it with the ID document.'],
    zh: ['姓名含字形选择符，按原样保留。', '请与证件核对。'],
  },
  NAME_INVISIBLE_CHAR: {
    verdict: 'issue',
    en: ['Invisible characters were taken out of the name.', ''],
    zh: ['已去掉姓名中的不可见字符。', ''],
  },
  NAME_PUA_CHAR: {
    verdict: 'hold',
    en: [
      'The name holds a private-use character ({characters}) that looks right on some screens only.',
      'Confirm the character by the ID document and type its Unicode form.',
    ],
    zh: ['姓名含造字区字符（{characters}），只在部分电脑上显示正确。', '请按证件确认并改用标准编码的汉字。'],
  },
  NAME_UNUSUAL_CHAR: {
    verdict: 'hold',
    en: [
      'The name holds a character that names do not have ({characters}).',
      'Confirm the name by the ID document.',
    ],
    zh: ['姓名含通常不会出现的字符（{characters}）。', '请按证件确认。'],
  },
  NAME_LONG: {
    verdict: 'hold',
    en: ['The name has more than {limit} characters.', 'Confirm the name by the ID document.'],
    zh: ['姓名超过 {limit} 个字符。', '请按证件确认。'],
  },
  NAME_REPLACEMENT_CHAR: {
    verdict: 'reject',
    en: [
      'The name holds U+FFFD: a character was lost in an earlier conversion.',
      'Correct it from the ID document.',
    ],
    zh: ['姓名含 U+FFFD：先前转码时丢失了字符。', '请按证件更正。'],
  },
  NAME_LOSSY: {
    verdict: 'reject',
    en: [
      'The name holds a question mark or a box where a character was lost.',
      'Correct it from the ID document.',
    ],
    zh: ['姓名中有问号或方框，原字符已丢失。', '请按证件更正。'],
  },
  NAME_MOJIBAKE: {
    verdict: 'reject',
    en: [
      'The name is UTF-8 that was read as GBK.',
      'Export again with the right encoding; other cells may be damaged too.',
    ],
    zh: ['姓名是被当作 GBK 读取的 UTF-8 乱码。', '请用正确编码重新导出；其他单元格也可能受损。'],
  },
  NAME_MASKED: {
    verdict: 'reject',
    en: ['The name is masked.', 'Export the full name.'],
    zh: ['姓名已脱敏。', '请导出完整姓名。'],
  },
  ID_EMPTY: {
    verdict: 'reject',
    en: ['The ID number is empty.', 'Fill it in.'],
    zh: ['证件号码为空。', '请填写。'],
  },
  ID_MASKED: {
    verdict: 'reject',
    en: ['The ID number is masked.', 'Export the full number.'],
    zh: ['证件号码已脱敏。', '请导出完整号码。'],
  },
  ID_LOWERCASE_X: {
    verdict: 'issue',
    en: ['A lower-case letter of the ID number was changed to upper case.', ''],
    zh: ['已将证件号码中的小写字母转为大写。', ''],
  },
  ID_FULLWIDTH: {
    verdict: 'issue',
    en: ['Full-width characters of the ID number were changed to ordinary ones.', ''],
    zh: ['已将证件号码中的全角字符转为半角。', ''],
  },
  ID_WHITESPACE: {
    verdict: 'issue',
    en: ['White space was taken out of the ID number.', ''],
    zh: ['已去掉证件号码中的空白。', ''],
  },
  ID_LEADING_APOSTROPHE: {
    verdict: 'issue',
    en: ['The apostrophe before the ID number was taken off.', ''],
    zh: ['已去掉证件号码前的撇号。', ''],
  },
  ID_FORMULA_WRAPPER: {
    verdict: 'issue',
    en: ['The ="…" around the ID number was taken off.', ''],
    zh: ['已去掉证件号码外的 ="…"。', ''],
  },
  ID_INVISIBLE_CHAR: {
    verdict: 'issue',
    en: ['Invisible characters were taken out of the ID number.', ''],
    zh: ['已去掉证件号码中的不可见字符。', ''],
  },
  ID_EXCEL_NUMBER: {
    verdict: 'reject',
    en: [
      'The ID number was stored as a number, which keeps 15 digits only.',
      'Export the column as text from the source system; do not retype it in the sheet.',
    ],
    zh: ['证件号码以数值保存，只保留 15 位有效数字。', '请从源系统以文本格式重新导出，不要在表中补录。'],
  },
  ID_SCIENTIFIC_NOTATION: {
    verdict: 'reject',
    en: ['The ID number is in scientific notation; its last digits are gone.', 'Export the column as text.'],
    zh: ['证件号码为科学计数法，末几位已丢失。', '请以文本格式重新导出该列。'],
  },
  ID_PRECISION_LOST: {
    verdict: 'reject',
    en: [
      'The ID number ends in 000 and its check character is wrong: Excel cut it to 15 digits.',
      'Export the column as text.',
    ],
    zh: ['证件号码以 000 结尾且校验码不符：被 Excel 截为 15 位有效数字。', '请以文本格式重新导出该列。'],
  },
  ID_PRECISION_SUSPECT: {
    verdict: 'hold',
    en: [
      'The ID number ends in 000: possible, but Excel may have cut it to 15 digits.',
      'Compare it with the ID document.',
    ],
    zh: ['证件号码以 000 结尾：可能存在，也可能被 Excel 截断。', '请与证件核对。'],
  },
  ID_ENDS_IN_ZEROS: {
    verdict: 'issue',
    en: ['The ID number ends in 000; the file kept the digits of the others, so it was accepted.', ''],
    zh: ['证件号码以 000 结尾；本文件其他号码未被截断，故采用。', ''],
  },
  ID_CHECK_DIGIT: {
    verdict: 'reject',
    en: ['The check character of the ID number is wrong.', 'Correct the number by the ID document.'],
    zh: ['证件号码校验码不符。', '请按证件更正。'],
  },
  ID_BIRTHDATE: {
    verdict: 'reject',
    en: [
      'The birth date inside the ID number does not exist or cannot be.',
      'Correct the number by the ID document.',
    ],
    zh: ['证件号码中的出生日期不存在或不可能。', '请按证件更正。'],
  },
  ID_REGION: {
    verdict: 'reject',
    en: ['The first two digits of the ID number are no province.', 'Correct the number by the ID document.'],
    zh: ['证件号码前两位不是省级代码。', '请按证件更正。'],
  },
  ID_LEGACY_15: {
    verdict: 'hold',
    en: [
      'The ID number is a 15-digit one of the first generation.',
      'Fill in the 18-digit number of the present card.',
    ],
    zh: ['证件号码是 15 位的第一代号码。', '请填写现行证件上的 18 位号码。'],
  },
  ID_FORMAT: {
    verdict: 'reject',
    en: ['The number does not have the form of this ID document.', 'Correct it by the ID document.'],
    zh: ['号码不符合该类证件的格式。', '请按证件更正。'],
  },
  ID_TYPE_MISMATCH: {
    verdict: 'reject',
    en: [
      'The number belongs to another type of ID document than the one stated.',
      'Correct the type or the number.',
    ],
    zh: ['号码与证件类型不符。', '请更正证件类型或号码。'],
  },
  ID_TYPE_UNKNOWN: {
    verdict: 'hold',
    en: [
      'The type of ID document is missing or not one we know.',
      'Use one of: 居民身份证, 港澳台居民居住证, 外国人永久居留身份证, 护照, 港澳居民来往内地通行证, 台湾居民来往大陆通行证.',
    ],
    zh: [
      '证件类型缺失或不认识。',
      '请使用：居民身份证、港澳台居民居住证、外国人永久居留身份证、护照、港澳居民来往内地通行证、台湾居民来往大陆通行证。',
    ],
  },
  ID_TYPE_INFERRED: {
    verdict: 'issue',
    en: ['The type of ID document is empty and was taken from the number.', ''],
    zh: ['证件类型为空，已按号码推定。', ''],
  },
  BIRTHDATE_ID_MISMATCH: {
    verdict: 'hold',
    en: ['The birth date contradicts the ID number.', 'Compare both with the ID document.'],
    zh: ['出生日期与证件号码不一致。', '请与证件核对。'],
  },
  GENDER_ID_MISMATCH: {
    verdict: 'issue',
    en: [
      'The gender contradicts the ID number; it is not carried into the certificate.',
      'Correct it in the source system.',
    ],
    zh: ['性别与证件号码不一致；证书不含性别。', '请在源系统更正。'],
  },
} as const satisfies Readonly<Record<string, CodeRow>>
