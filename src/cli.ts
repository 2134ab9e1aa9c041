/** The command line as a library: `run(argv, io)` answers with an exit code. */
export type { Io } from './cli/io.ts'
export { run } from './cli/run.ts'
