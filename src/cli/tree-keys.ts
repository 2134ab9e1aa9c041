/** The commands on keys: their words, their options, where they live. */
import type { Call } from './command.ts'
import type { CommandKit, Option, Program } from './command-kit.ts'

export function addKeyCommands(
  program: Program,
  { add, act, algorithmOption }: CommandKit & { readonly algorithmOption: () => Option },
): void {
  const keys = program.command('keys').description('keys of the workspace, with their history / 密钥及其历史')
  add(keys, 'list', 'what keys there are, and what became of them / 列出').action(
    act(async () => (await import('./keys.ts')).listKeys),
  )
  add(keys, 'rotate', 'a new key signs; what the old one signed stays good / 更换密钥')
    .addOption(algorithmOption().default(undefined))
    .action(act(async () => (await import('./keys.ts')).rotateKeys))
  add(keys, 'retire <name>', 'destroy the secret of a key that no longer signs / 销毁旧私钥').action(
    act(async () => {
      const { retireKeys } = await import('./keys.ts')
      return (call: Call<object>, name: string) => retireKeys(name)(call)
    }),
  )
  add(keys, 'compromise', 'say since when others may have a key / 声明密钥泄露')
    .requiredOption('--since <instant>', 'the first moment at which they may have had it / 起始时刻')
    .option('--key <name>', 'its file without .json; the one that signs / 密钥名称')
    .action(act(async () => (await import('./keys.ts')).compromiseKeys))
  add(keys, 'resign', 'sign anew what stolen keys had signed; may be stopped and run again / 重新签发')
    .option('--out <folder>', 'where certificates go; out/ in the workspace / 输出目录')
    .action(act(async () => (await import('./keys.ts')).resignAll))
  add(keys, 'export', 'a copy of all secrets, for the safe / 导出备份')
    .requiredOption('--out <file>', 'a new file, readable by you alone / 输出文件')
    .action(act(async () => (await import('./keys.ts')).exportKeys))
  add(keys, 'import <file>', 'put back what is missing / 恢复备份').action(
    act(async () => (await import('./keys.ts')).importKeys),
  )
  add(keys, 'generate', 'a new key in a file, for an authority or a holder / 生成新密钥')
    .addOption(algorithmOption())
    .requiredOption('--out <file>', 'a new file, readable by you alone / 输出文件')
    .action(act(async () => (await import('./keys.ts')).generateKey))
}
