/** The commands of `log` and `witness`: logs of commitments, and who co-signs them. */
import type { CommandKit, Program } from './command-kit.ts'

export function addLogCommands(_program: Program, _kit: CommandKit): void {}
