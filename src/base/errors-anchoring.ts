/** The codes of anchoring: of logs, witnesses, chains and their files. */
import type { Explanation } from './message.ts'

export const anchoringErrors = {
  'anchor.endpoint_failed': {
    en: [
      '{url} did not answer as it should ({fault}: {what}).',
      'Nothing is lost: run the same command again when it can be reached.',
    ],
    zh: ['{url} 未正确应答（{fault}：{what}）。', '数据未丢失：待其恢复后重新运行同一命令即可。'],
  },
  'anchor.file_malformed': {
    en: ['The file is no {kind} ({what}).', 'Give the file as it was written, unchanged.'],
    zh: ['该文件不是 {kind}（{what}）。', '请提供未经改动的原文件。'],
  },
  'anchor.package_absent': {
    en: ['The package {package} is not installed.', 'Install it beside gradecert: npm install {package}.'],
    zh: ['未安装软件包 {package}。', '请与 gradecert 一起安装：npm install {package}。'],
  },
  'anchor.receipt_malformed': {
    en: [
      'The receipt of a submission is not one that was written here ({what}).',
      'Give it as it was kept, with the configuration that it was started with.',
    ],
    zh: ['提交凭据并非由本程序写出（{what}）。', '请提供原样保存的凭据，并使用提交开始时的配置。'],
  },
  'anchor.chain_differs': {
    en: [
      'The chain is {found} and not {configured}.',
      'Name the chain that the node is of, or another node.',
    ],
    zh: ['实际的链为 {found}，而非 {configured}。', '请填写该节点所属的链，或更换节点。'],
  },
  'anchor.cost_above_limit': {
    en: [
      'The transaction would cost up to {cost}, and {limit} is the most it may (in the smallest unit).',
      'Nothing was sent. Wait until fees fall, or allow more.',
    ],
    zh: [
      '该交易最多需花费 {cost}，超过上限 {limit}（最小单位）。',
      '尚未发送任何内容。请等待费用下降，或提高上限。',
    ],
  },
  'anchor.evm_secret_malformed': {
    en: ['The secret key is none of secp256k1.', 'Give the 32 bytes of the account’s secret key.'],
    zh: ['该私钥不是 secp256k1 私钥。', '请提供该账户 32 字节的私钥。'],
  },
  'anchor.evm_signature_differs': {
    en: [
      'What the signer answered is no signature of {address} that a chain takes.',
      'Nothing was sent. Look at r, s (in the lower half) and yParity, and at the address.',
    ],
    zh: [
      '签名器返回的内容不是链可接受的 {address} 的签名。',
      '尚未发送任何内容。请检查 r、s（须在低半区）、yParity 和地址。',
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
