/** The commands that put certificates into pictures and take them out: words, options, where they live. */
import type { CommandKit, Program } from './command-kit.ts'

export function addPictureCommands(program: Program, { add, act }: CommandKit): void {
  add(program, 'bake <picture>', 'put a certificate into a PNG or SVG picture / 将证书嵌入图片')
    .requiredOption('--with <certificate>', 'the certificate as it was issued / 证书文件')
    .requiredOption('--out <file>', 'the picture with it inside / 输出图片')
    .action(act(async () => (await import('./bake.ts')).bake))
  add(program, 'unbake <picture>', 'take the certificate out of a picture / 从图片中取出证书')
    .option('--out <file>', 'where it goes; standard output / 输出文件')
    .action(act(async () => (await import('./bake.ts')).unbake))
}
