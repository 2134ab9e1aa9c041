/** EVM chains as a back-end. Needs the package `viem`. */
export type { PathAnchor } from './anchor/anchor.ts'
export { type EvmEndpoint, type EvmNode, type EvmProvider, openEvmNode } from './anchor/evm-node.ts'
export { proveFromLater } from './anchor/evm-proof.ts'
export { type EvmSignature, type EvmSigner, evmSignerOfSecret } from './anchor/evm-signer.ts'
export {
  type EvmSubmitterOptions,
  evmSubmitter,
  type TrustedEvmBlock,
  trustedBlockOf,
} from './anchor/evm-submitter.ts'
export type { Receipt, Step, Submitter } from './anchor/submitter.ts'
