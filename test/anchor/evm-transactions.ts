/** Transactions of every type for a test's block, by the public keys of a development node. */
import { createWalletClient, custom, type Hex, parseGwei, sha256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { type EvmAddress, evmSignerOfSecret } from '../../src/anchor/evm-signer.ts'
import { fromHex } from '../../src/base/bytes.ts'
import type { Anvil } from './anvil.ts'

/** Keys of the mnemonic that development nodes share; the accounts hold coins there and nowhere else. */
const secrets = [
  'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
] as const

export const devSigner = evmSignerOfSecret(fromHex(secrets[0])!)

/** Makes contracts that log: the first writes the first 32 bytes of its calldata as a topic, the second all of it as data. */
export const loggers = {
  topic: '0x655f355f5fa1005f526006601af3',
  data: '0x67365f5f37365fa0005f5260086018f3',
} as const

/** Puts transactions into the pool: `rounds` of the types 0, 1, 2 and 4, and one that makes a contract. */
export async function sendMixed(anvil: Anvil, rounds: number): Promise<void> {
  const { account, wallet } = walletAt(anvil)
  const other = privateKeyToAccount(`0x${secrets[2]}`)
  const to = other.address
  const fees = { maxFeePerGas: parseGwei('20'), maxPriorityFeePerGas: parseGwei('2') }
  const gasPrice = parseGwei('20')
  const accessList = [
    { address: to, storageKeys: [`0x${'00'.repeat(31)}01`, `0x${'ff'.repeat(32)}`] as const },
  ]
  const send = (raw: Hex) => anvil.ask('eth_sendRawTransaction', raw)
  let nonce = Number(await anvil.ask('eth_getTransactionCount', account.address, 'pending'))
  const next = () => ({ nonce: nonce++, gas: 100_000n, to })
  for (let round = 0; round < rounds; round++) {
    const data = `0x${'00ab'.repeat(round * 20)}` as const
    await send(await wallet.signTransaction({ type: 'legacy', ...next(), gasPrice, value: 1n }))
    await send(await wallet.signTransaction({ type: 'eip2930', ...next(), gasPrice, accessList }))
    await send(await wallet.signTransaction({ type: 'eip1559', ...next(), ...fees, data, accessList: [] }))
    const authorization = await other.signAuthorization({
      chainId: 0,
      address: account.address,
      nonce: round,
    })
    const authorizationList = [authorization]
    await send(await wallet.signTransaction({ type: 'eip7702', ...next(), ...fees, authorizationList }))
  }
  // A contract is made: no recipient, and the type without a chain's number.
  const { to: _, ...creation } = next()
  await send(await wallet.signTransaction({ type: 'legacy', ...creation, gasPrice, data: '0x00' }))
}

/** Puts a transaction with a blob of zeros there: commitment and proof are the point at infinity, and need no computing. */
export async function sendBlob(anvil: Anvil): Promise<void> {
  const { account, wallet } = walletAt(anvil)
  const infinity: Hex = `0xc0${'00'.repeat(47)}`
  const raw = await wallet.signTransaction({
    type: 'eip4844',
    nonce: Number(await anvil.ask('eth_getTransactionCount', account.address, 'pending')),
    gas: 100_000n,
    to: account.address,
    maxFeePerGas: parseGwei('20'),
    maxPriorityFeePerGas: parseGwei('2'),
    maxFeePerBlobGas: parseGwei('1'),
    blobVersionedHashes: [`0x01${sha256(infinity).slice(4)}`],
    sidecars: [{ blob: `0x${'00'.repeat(131_072)}`, commitment: infinity, proof: infinity }],
  })
  await anvil.ask('eth_sendRawTransaction', raw)
}

/** Makes a contract and a block with it. @returns its address */
export async function deploy(anvil: Anvil, code: Hex): Promise<EvmAddress> {
  const from = devSigner.address
  const hash = await anvil.ask('eth_sendTransaction', { from, data: code, gas: '0x186a0' })
  await anvil.ask('evm_mine')
  return ((await anvil.ask('eth_getTransactionReceipt', hash)) as { contractAddress: EvmAddress })
    .contractAddress
}

function walletAt(anvil: Anvil) {
  const transport = custom({ request: ({ method, params }) => anvil.ask(method, ...(params ?? [])) })
  const account = privateKeyToAccount(`0x${secrets[1]}`)
  return { account, wallet: createWalletClient({ account, chain: foundry, transport }) }
}
