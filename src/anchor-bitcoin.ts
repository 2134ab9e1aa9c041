/** Bitcoin and its relatives as a back-end whose network is somebody else's wallet. */
export { bitcoinMainnet, bsvMainnet } from './anchor/bitcoin-networks.ts'
export {
  type BitcoinSubmitterOptions,
  bitcoinSubmitter,
  type Funding,
  outputScript,
  psbt,
  unsignedTransaction,
} from './anchor/bitcoin-submitter.ts'
export type { Receipt, Step, Submitter } from './anchor/submitter.ts'
