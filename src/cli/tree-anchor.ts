/** The commands of `anchor`: batches of certificates and their proofs of time. */
import type { Command as Program } from 'commander'
import type { CommandKit } from './command-kit.ts'

export function addAnchorCommands(_program: Program, _kit: CommandKit): void {}
