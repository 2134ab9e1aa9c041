/** What the tree of commands is made of; the one home of the option parser. */
import type { Command as Program } from 'commander'
import type { Command } from './command.ts'

export { Command as Program, CommanderError, Option } from 'commander'

export interface CommandKit {
  /** A command with the options that every command takes. */
  readonly add: (parent: Program, usage: string, description: string) => Program
  /** What it does, loaded when it is called. */
  readonly act: <Options, Arguments extends readonly unknown[]>(
    load: () => Promise<Command<Options, Arguments>>,
  ) => (...given: unknown[]) => Promise<void>
  /** Parses an option that may be repeated. */
  readonly collect: (value: string, before: readonly string[]) => readonly string[]
}
