/** The commands of `log` and `witness`: logs of commitments, and who co-signs them. */
import type { Command as Program } from 'commander'
import type { CommandKit } from './command-kit.ts'

export function addLogCommands(_program: Program, _kit: CommandKit): void {}
