/** The commands by which one certificate follows another, or a holder gives it back: words, options, where they live. */
import type { CommandKit, Program } from './command-kit.ts'

export function addSuccessionCommands(program: Program, { add, act, collect }: CommandKit): void {
  add(
    program,
    'reissue [number]',
    'issue again, corrected or unchanged; the old one is superseded / 更正或补发',
  )
    .option('--set <field=value>', 'what is to be stated; may be repeated / 更正内容', collect, [])
    .option('--file <csv>', 'a table of corrections instead: 证书编号 and fields / 更正表')
    .requiredOption('--reason <code>', 'data-correction, lost-reissue… / 原因代码')
    .option('--out <folder>', 'where certificates go; out/ in the workspace / 输出目录')
    .action(act(async () => (await import('./reissue.ts')).reissue))
  add(
    program,
    'withdraw <number>',
    'take back the digital form, as its holder asked / 应持证人申请收回',
  ).action(act(async () => (await import('./change-status.ts')).withdraw))
}
