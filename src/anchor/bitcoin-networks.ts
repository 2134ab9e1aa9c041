/** Chains of Bitcoin's family. What differs between them is in the rows; one verifier serves all. */
import type { ChainId } from './anchor.ts'
import type { ChainRules } from './bitcoin-header.ts'

export interface BitcoinNetwork {
  readonly name: string
  /** How headers are checked before they are trusted. */
  readonly rules: ChainRules
  /** The greatest target (compact form) of any block. */
  readonly limit: number
  /** Whether its blocks cost nothing to make. */
  readonly isTest: boolean
  /** How an output that only carries data begins. */
  readonly dataOutput: 'OP_RETURN' | 'OP_FALSE OP_RETURN'
  /** Satoshi: nodes do not pass on outputs of less. */
  readonly dust: number
}

/** Named by the first block, or where chains share it by the first block of their own (CAIP-4). */
export const bitcoinMainnet: ChainId = 'bip122:000000000019d6689c085ae165831e93'
/** Block 556767. */
export const bsvMainnet: ChainId = 'bip122:000000000000000001d956714215d96f'

export const bitcoinNetworks: ReadonlyMap<ChainId, BitcoinNetwork> = new Map<ChainId, BitcoinNetwork>([
  [
    bitcoinMainnet,
    { name: 'Bitcoin', rules: 'btc', limit: 0x1d00ffff, isTest: false, dataOutput: 'OP_RETURN', dust: 546 },
  ],
  [
    bsvMainnet,
    {
      name: 'BSV',
      rules: 'pow-only',
      limit: 0x1d00ffff,
      isTest: false,
      dataOutput: 'OP_FALSE OP_RETURN',
      dust: 1,
    },
  ],
  [
    // Block 478559.
    'bip122:000000000000000000651ef99cb9fcbe',
    {
      name: 'Bitcoin Cash',
      rules: 'pow-only',
      limit: 0x1d00ffff,
      isTest: false,
      dataOutput: 'OP_RETURN',
      dust: 546,
    },
  ],
  [
    'bip122:000000000933ea01ad0ee984209779ba',
    {
      name: 'Bitcoin testnet3',
      rules: 'pow-only',
      limit: 0x1d00ffff,
      isTest: true,
      dataOutput: 'OP_RETURN',
      dust: 546,
    },
  ],
  [
    'bip122:00000000da84f2bafbbc53dee25a72ae',
    {
      name: 'Bitcoin testnet4',
      rules: 'pow-only',
      limit: 0x1d00ffff,
      isTest: true,
      dataOutput: 'OP_RETURN',
      dust: 546,
    },
  ],
  [
    'bip122:00000008819873e925422c1ff0f99f7c',
    {
      name: 'Bitcoin signet',
      rules: 'pow-only',
      limit: 0x1e0377ae,
      isTest: true,
      dataOutput: 'OP_RETURN',
      dust: 546,
    },
  ],
  [
    'bip122:0f9188f13cb7b2c71f2a335e3a4fc328',
    {
      name: 'Bitcoin regtest',
      rules: 'pow-only',
      limit: 0x207fffff,
      isTest: true,
      dataOutput: 'OP_RETURN',
      dust: 546,
    },
  ],
])
