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

/** The next step, at once where the one before it answered at once. */
export const after = <T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> =>
  value instanceof Promise ? value.then(next) : next(value)

/** Steps beside each other, at once where all of them answered at once. */
export const both = <T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> =>
  values.every((value) => !(value instanceof Promise)) ? (values as readonly T[]) : Promise.all(values)
