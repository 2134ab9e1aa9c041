/** The commands of `chain`: what a verifier trusts of chains. */
import type { Command as Program } from 'commander'
import type { CommandKit } from './command-kit.ts'

export function addChainCommands(_program: Program, _kit: CommandKit): void {}
