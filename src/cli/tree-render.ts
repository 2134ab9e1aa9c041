/** The commands that draw certificates: their words, their options, where they live. */
import { type CommandKit, Option, type Program } from './command-kit.ts'
import type { FormatName } from './render.ts'

/** Named here so that what draws them is not loaded for `--help`. */
const formats = ['pdf', 'svg', 'png'] as const satisfies readonly FormatName[]

export function addRenderCommands(program: Program, { add, act, collect }: CommandKit): void {
  add(
    program,
    'render <inputs...>',
    'draw certificates for people, with what was signed inside / 生成可打印的证书',
  )
    .addOption(new Option('--to <format>', 'what is made / 输出格式').choices(formats).makeOptionMandatory())
    .requiredOption('--out <dir>', 'where they go / 输出目录')
    .option(
      '--font <file>',
      'TTF, OTF or TTC; the first that has a character sets it / 字体文件',
      collect,
      [],
    )
    .option('--seal <png>', 'seal of the agency, with a clear background / 机构印章图片')
    .option('--signature <png>', 'signature by hand / 签名图片')
    .option('--evidence <file>', 'to put inside, beside what lies near / 一并附入的证据', collect, [])
    .action(act(async () => (await import('./render.ts')).render))
}
