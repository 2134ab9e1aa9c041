/** Words for what screening finds, in English and Chinese. */
import type { Language } from '../base/message.ts'
import type { PersonVerdict, ScreeningCode } from './screening.ts'

export const screeningWords: Readonly<Record<ScreeningCode, Readonly<Record<Language, string>>>> = {
  no_certificate: { en: 'No certificate was handed in for this person.', zh: '未提交此人的证书。' },
  name_differs: { en: 'The certificate is in another name.', zh: '证书上的姓名不同。' },
  name_not_disclosed: { en: 'The holder does not show the name.', zh: '持有人未出示姓名。' },
  name_written_otherwise: {
    en: 'The name is the same, written in another way.',
    zh: '姓名相同，但书写形式不同。',
  },
  name_by_passport: { en: 'The name agrees with the passport’s spelling only.', zh: '仅与护照拼写一致。' },
  name_not_unique: {
    en: 'Several persons of the roster have this name, and nothing tells whose certificate it is.',
    zh: '名册中有多人同名，无法确认证书属于谁。',
  },
  id_number_differs: { en: 'The certificate has another ID number.', zh: '证书上的证件号码不同。' },
  id_number_not_disclosed: {
    en: 'The ID number was not compared: the certificate does not show it.',
    zh: '未比对证件号码：证书未出示该号码。',
  },
  match_not_possible: {
    en: 'Your policy matches the ID number, and there are not two to compare.',
    zh: '您的策略要求核对证件号码，但缺少可比对的号码。',
  },
  grade_lower: { en: 'The certified grade is lower than the claimed one.', zh: '证书等级低于所称等级。' },
  grade_higher: { en: 'The certified grade is higher than the claimed one.', zh: '证书等级高于所称等级。' },
  grade_unreadable: { en: 'The claimed grade is no grade of the scheme.', zh: '所称等级不属于该等级体系。' },
  occupation_differs: { en: 'The certificate is for another occupation.', zh: '证书的职业不同。' },
  person_twice: { en: 'This person stands in the roster twice.', zh: '此人在名册中重复出现。' },
  same_file_twice: { en: 'The same file was handed in more than once.', zh: '同一文件重复提交。' },
  number_twice: { en: 'Several certificates bear this number.', zh: '多份证书使用同一编号。' },
  number_under_two_names: {
    en: 'Certificates of this number are in different names.',
    zh: '同一编号的证书出现在不同姓名之下。',
  },
  certificate_of_two_persons: {
    en: 'Several persons of the roster would have this one certificate.',
    zh: '名册中多人对应同一份证书。',
  },
  more_certificates: {
    en: 'This person handed in more certificates than this one.',
    zh: '此人还提交了其他证书。',
  },
}

export const personVerdicts: Readonly<Record<PersonVerdict, Readonly<Record<Language, string>>>> = {
  valid: { en: 'valid', zh: '有效' },
  invalid: { en: 'invalid', zh: '无效' },
  undetermined: { en: 'undetermined', zh: '无法判定' },
  missing: { en: 'no certificate', zh: '未提交' },
}
