/** Words for reports, in English and Chinese: apart from `gradecert/verify`, which loads without them. */
export type { Language } from './base/message.ts'
export { checkNames, explainCheck, verdictNames } from './verify/reasons.ts'
