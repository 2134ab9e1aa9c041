/** The commands of `chain`: what a verifier trusts of chains. */
import type { CommandKit, Program } from './command-kit.ts'

export function addChainCommands(_program: Program, _kit: CommandKit): void {}
