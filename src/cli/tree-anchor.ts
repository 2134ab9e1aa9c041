/** The commands of `anchor`: batches of certificates and their proofs of time. */
import type { CommandKit, Program } from './command-kit.ts'

export function addAnchorCommands(_program: Program, _kit: CommandKit): void {}
