/** The longer SHA-2 digests, synchronous on every runtime. Apart from SHA-256, which every verifier needs. */
import { sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import { digestBy } from './digest.ts'

/** @returns 48 bytes. */
export const sha384 = digestBy('sha384', nobleSha384)
/** @returns 64 bytes. */
export const sha512 = digestBy('sha512', nobleSha512)
