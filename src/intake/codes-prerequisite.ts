/** Codes about the certificate of the next lower grade that a higher one builds upon. Which one it is, the registry knows. */
import type { CodeRow } from './finding.ts'

export const prerequisiteCodes = {
  PREREQUISITE_MISSING: {
    verdict: 'hold',
    en: [
      'This grade asks for a certificate of the next lower one, and the row names none.',
      'Fill in the number of that certificate.',
    ],
    zh: ['申报该等级须先取得下一等级证书，但本行未填写。', '请填写原证书编号。'],
  },
  PREREQUISITE_UNKNOWN: {
    verdict: 'hold',
    en: [
      'This agency has issued no certificate with the number that the row names.',
      'Correct it; what another agency issued, a person must look at.',
    ],
    zh: ['本机构没有签发过该编号的原证书。', '请更正编号；其他机构签发的证书须人工核实。'],
  },
  PREREQUISITE_NOT_LIVE: {
    verdict: 'hold',
    en: ['The earlier certificate is {standing}.', 'A person must decide.'],
    zh: ['原证书当前状态为 {standing}。', '须人工决定。'],
  },
  PREREQUISITE_OCCUPATION: {
    verdict: 'hold',
    en: ['The earlier certificate is of the occupation {code}.', 'Correct the number or the occupation.'],
    zh: ['原证书的职业编码为 {code}。', '请更正原证书编号或职业。'],
  },
  PREREQUISITE_GRADE: {
    verdict: 'hold',
    en: [
      'The earlier certificate is of the grade {grade}, which is not the next lower one.',
      'Correct the number or the grade.',
    ],
    zh: ['原证书的等级为 {grade}，不是申报等级的下一等级。', '请更正原证书编号或申报等级。'],
  },
  PREREQUISITE_HOLDER: {
    verdict: 'hold',
    en: [
      'The earlier certificate bears another name, or was issued for another ID number.',
      'Correct the number, or have the earlier certificate corrected first; a new ID document a person must look at.',
    ],
    zh: ['原证书的姓名或证件号码与本行不符。', '请更正原证书编号，或先更正原证书；换过证件的须人工核实。'],
  },
} as const satisfies Readonly<Record<string, CodeRow>>
