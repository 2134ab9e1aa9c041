/** Verifying a proof of ecdsa-sd-2023, apart from making one: a verifier that loads this does not load the rest. */
export { verifyDerivedProof } from './ecdsa-sd.ts'
