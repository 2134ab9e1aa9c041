/** A transparency log of one's own, witnesses, and a watch over any log. */
export {
  appendEntries,
  createLog,
  type LogFolder,
  openLog,
  proveEntry,
  publishHead,
  readHead,
  readPublished,
} from './anchor/log-folder.ts'
export { type Continuation, checkContinuation } from './anchor/log-monitor.ts'
export { type LogPolicy, readLogPolicy } from './anchor/log-policy.ts'
export { type LogSubmitterOptions, logSubmitter } from './anchor/log-submitter.ts'
export { type NoteSigner, vkeyOf } from './anchor/note-signature.ts'
export type { Receipt, Step, Submitter } from './anchor/submitter.ts'
export { addCheckpoint, type WitnessOptions } from './anchor/witness.ts'
export { createWitness, openWitness, witnessFolderState } from './anchor/witness-folder.ts'
export { createWitnessApp } from './server/witness.ts'
