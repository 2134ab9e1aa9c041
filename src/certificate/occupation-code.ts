/** Codes of occupations: which are written as one, and which name one occupation in several editions. */

/** Name of the code scheme: 中华人民共和国职业分类大典, 2022 edition. */
export const occupationCodeScheme = 'CN-ZYFLDD-2022'

/** `2-02-38-01`, or with a sub-code `4-04-04-02-004`. */
export const occupationCodePattern = /^\d-\d{2}-\d{2}-\d{2}(-\d{3})?$/

/** Whether two codes name one occupation, former codes and aliases taken into account. */
export function sameOccupation(a: string, b: string): boolean {
  return currentCode(a) === currentCode(b)
}

/** The current code for a current, former or alias code; any other code as it is. */
export const currentCode = (code: string): string => currentCodes.get(code) ?? code

/** By former code or alias. A test holds it to the table of occupations, which a verifier need not load. */
const currentCodes: ReadonlyMap<string, string> = new Map([
  ['2-02-10-09', '2-02-38-01'],
  ['2-02-10-10', '2-02-38-02'],
  ['2-02-10-11', '2-02-38-03'],
  ['2-02-10-12', '2-02-38-04'],
  ['2-02-07-13', '2-02-38-05'],
  ['2-02-10-13', '2-02-38-06'],
  ['2-02-10-14', '2-02-38-07'],
  ['2-02-10-15', '2-02-38-08'],
  ['2-02-09-06', '2-02-38-09'],
  ['2-06-07-13', '2-02-30-11'],
])
