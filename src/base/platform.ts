/**
 * The cryptography of the machine we run on, found without an import, so that one build serves Node, browsers and the edge.
 */

type NodeCrypto = typeof import('node:crypto')

/** Node's crypto module, or `undefined` on other runtimes. `process.getBuiltinModule` came with Node 22.3. */
export const nodeCrypto: NodeCrypto | undefined = (
  globalThis as { process?: { getBuiltinModule?: (id: string) => NodeCrypto | undefined } }
).process?.getBuiltinModule?.('node:crypto')

/** WebCrypto's asynchronous half; absent on pages served over plain http. */
export const subtleCrypto: SubtleCrypto | undefined = globalThis.crypto?.subtle

/** A value, or the promise of one. Where every step answers at once, a batch stays synchronous. */
export type MaybePromise<T> = T | Promise<T>
