/** A node of an EVM chain that the caller's configuration names, and transactions as bytes. The only file that loads `viem`. */
import type { TransactionSerializable } from 'viem'
import { type Bytes, fromHex } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { type ExchangeFetch, exchange } from '../base/exchange.ts'
import type { Json } from '../base/json.ts'
import type { ChainId } from './anchor.ts'
import { readHexBigint } from './evm-block.ts'
import type { EvmAddress, EvmSignature } from './evm-signer.ts'

export interface EvmEndpoint {
  /** `eip155:` and the chain's number; the node is asked whether it is of this chain. */
  readonly chain: ChainId
  readonly transport: EvmTransport
}

/** An address with what fetches it, or whatever else answers requests (EIP-1193), such as a client of one's own. */
export type EvmTransport = { readonly url: string; readonly fetch: ExchangeFetch } | EvmProvider

export interface EvmProvider {
  request(asked: { readonly method: string; readonly params: readonly Json[] }): Promise<unknown>
}

export interface EvmNode {
  readonly chain: ChainId
  /** As errors name it: without path and query, which often hold a secret. */
  readonly name: string
  /** What the node answers. @throws `anchor.endpoint_failed` where it does not, or says no */
  ask(method: string, ...params: readonly Json[]): Promise<Json>
  /** The same, with its no as an answer. @throws `anchor.endpoint_failed` where it does not answer */
  try(method: string, ...params: readonly Json[]): Promise<NodeAnswer>
}

export type NodeAnswer =
  | { readonly ok: true; readonly value: Json }
  /** The node's own words, for people. */
  | { readonly ok: false; readonly words: string }

/** @throws `anchor.endpoint_failed`; `anchor.chain_differs` where the node is of another chain; `anchor.package_absent` */
export async function openEvmNode(endpoint: EvmEndpoint, signal?: AbortSignal): Promise<EvmNode> {
  const { chain, transport } = endpoint
  const name = 'request' in transport ? 'the given provider' : originOf(transport.url)
  const request = await requester(transport, signal)
  const node: EvmNode = {
    chain,
    name,
    async try(method, ...params) {
      signal?.throwIfAborted()
      try {
        // A node's answer is JSON, read by viem; what is in it is judged where it is used.
        return { ok: true, value: ((await request({ method, params })) ?? null) as Json }
      } catch (error) {
        return { ok: false, words: refusalOf(error, name, method) }
      }
    },
    async ask(method, ...params) {
      const answer = await node.try(method, ...params)
      if (answer.ok) return answer.value
      throw endpointFailed(name, 'refused', `${method}: ${answer.words}`)
    },
  }
  const found = readHexBigint(await node.ask('eth_chainId'))
  if (found !== BigInt(chainNumber(chain))) {
    throw new CertificateError('anchor.chain_differs', { configured: chain, found: `eip155:${found}` })
  }
  return node
}

export const endpointFailed = (url: string, fault: string, what: string): CertificateError =>
  new CertificateError('anchor.endpoint_failed', { url, fault, what })

/** What a transaction says but for its signature. Fees are in the smallest unit of the chain's coin, per gas. */
export interface EvmTransaction {
  readonly chain: ChainId
  readonly nonce: number
  readonly to: EvmAddress
  readonly data: Bytes
  readonly gas: bigint
  readonly fees: EvmFees
}

/** EIP-1559, or a plain price on chains that do not have it. */
export type EvmFees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint }

/** The bytes of a transaction: those to be hashed and signed, or with the signature those to be sent. */
export async function transactionBytes(
  { chain, nonce, to, data, gas, fees }: EvmTransaction,
  signature?: EvmSignature,
): Promise<Bytes> {
  const { serializeTransaction, bytesToHex } = await viem()
  const common = { chainId: chainNumber(chain), nonce, to, data: bytesToHex(data), gas, value: 0n }
  const transaction: TransactionSerializable =
    'gasPrice' in fees ? { ...common, ...fees, type: 'legacy' } : { ...common, ...fees, type: 'eip1559' }
  if (signature === undefined) return fromHex(serializeTransaction(transaction).slice(2))! // viem's own hex
  const { yParity } = signature
  const [r, s] = [bytesToHex(signature.r), bytesToHex(signature.s)]
  // Of an older transaction viem wants v before the chain's number is added (EIP-155), of others the parity.
  const text = serializeTransaction(transaction, { r, s, yParity, v: BigInt(27 + yParity) })
  return fromHex(text.slice(2))!
}

/** The number of an `eip155` chain. @throws `anchor.chain_differs` where it is of another family */
function chainNumber(chain: ChainId): number {
  const number = /^eip155:([1-9]\d{0,14})$/.exec(chain)?.[1]
  if (number !== undefined) return Number(number)
  throw new CertificateError('anchor.chain_differs', { configured: chain, found: 'eip155' })
}

/** Bytes of one answer: a block with all its transactions, in JSON, on the chains that have large ones. */
const answerLimit = 33_554_432
/** Milliseconds for one answer. */
const answerTime = 30_000

type Request = (asked: { readonly method: string; readonly params: readonly Json[] }) => Promise<unknown>

async function requester(transport: EvmTransport, signal: AbortSignal | undefined): Promise<Request> {
  const { http, custom } = await viem()
  if ('request' in transport) {
    return custom({ request: (asked) => transport.request(asked) })({ retryCount: 0 }).request as Request
  }
  const { url, fetch } = transport
  const fetchFn = async (_: unknown, init: RequestInit | undefined): Promise<Response> => {
    const answer = await exchange(url, {
      fetch,
      body: String(init?.body),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      maxBytes: answerLimit,
      timeLimit: answerTime,
      signal,
    })
    if (!answer.ok) throw endpointFailed(originOf(url), answer.fault, answer.detail)
    return new Response(answer.body, { status: answer.status })
  }
  // Its own limits are off, since `exchange` has them; what is asked again is for the caller to say.
  const own = { fetchFn, maxResponseBodySize: false, timeout: 0, retryCount: 0 } as const
  return http(url, own)({ retryCount: 0 }).request as Request // which methods there are is the node's to say
}

/** The words of a node that says no: it then gives a number for the reason. @throws `anchor.endpoint_failed` for anything else */
function refusalOf(error: unknown, name: string, method: string): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof CodedError || at.name === 'AbortError') throw at
    const { code, details } = at as { code?: unknown; details?: unknown }
    if (typeof code === 'number' && code !== unknownCode) return plainWords(details ?? at.message)
  }
  const status = (error as { status?: unknown } | null)?.status
  throw endpointFailed(
    name,
    'unreachable',
    `${method}: ${typeof status === 'number' ? `HTTP ${status}` : 'no answer'}`,
  )
}

/** What viem says of errors that have no code. */
const unknownCode = -1

/** A stranger's words, short and without control characters. */
const plainWords = (words: unknown): string =>
  String(words)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 200)

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'the address given')

async function viem() {
  try {
    return await import('viem')
  } catch (cause) {
    throw new CertificateError('anchor.package_absent', { package: 'viem' }, { cause })
  }
}
