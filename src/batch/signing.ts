/** Who signs a batch: this thread, or several workers that are each handed a hundred certificates at a time. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Bytes } from '../base/bytes.ts'
import type { DidUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { fix } from '../base/fixed.ts'
import { type SigningWorkspace, signEntry } from '../issue/entry-text.ts'
import type { Settings } from '../issue/workspace.ts'
import { type GeneratedSigner, signerOfSecret } from '../key/signer.ts'
import type { Entry } from '../registry/registry.ts'

/** What signing needs of an entry. */
export type Unsigned = Pick<Entry, 'certificate' | 'signing' | 'slot'>

export interface Signing {
  /** The texts of some entries, in their order. Several calls may be under way at once. */
  readonly sign: (entries: readonly Unsigned[]) => Promise<readonly string[]>
  /** Calls that it takes to keep everybody busy. */
  readonly width: number
  readonly end: () => Promise<void>
}

/** Threads that are worth starting here. */
export const usableThreads = (): number => Math.min(availableParallelism(), 16)

/** Signs in this thread. */
export function signHere(workspace: SigningWorkspace): Signing {
  return {
    async sign(entries) {
      const texts: string[] = []
      for (const entry of entries) texts.push(await signEntry(entry, workspace))
      return texts
    },
    width: 1,
    async end() {},
  }
}

/** What a worker is started with. The key never leaves the process. */
export interface SigningWork {
  readonly settings: Settings
  readonly secret: Bytes
  readonly verificationMethod: DidUrl
  readonly secretKey: string
}

export interface SigningTask {
  readonly task: number
  readonly entries: readonly Unsigned[]
}

export type SigningAnswer =
  | { readonly task: number; readonly texts: readonly string[] }
  | { readonly task: number; readonly failure: { readonly name: string; readonly message: string } }

/**
 * Signs in worker threads. A worker that ends before its work is done fails the batch, and nothing of what it was at is shown:
 * what was reserved is signed when the batch is run again.
 */
export function signInWorkers(
  { settings, secret, signer }: SigningWorkspace & { readonly signer: GeneratedSigner },
  count: number,
): Signing {
  const workerData: SigningWork = {
    settings,
    secret,
    verificationMethod: signer.verificationMethod,
    secretKey: signer.exportSecret(),
  }
  const waiting = new Map<number, PromiseWithResolvers<readonly string[]>>()
  let lost: CertificateError | undefined
  const fail = (cause: unknown) => {
    lost ??= new CertificateError('batch.worker_lost', {}, { cause })
    for (const { reject } of waiting.values()) reject(lost)
    waiting.clear()
  }
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(workerUrl(import.meta.url), { workerData, resourceLimits })
    worker.on('message', (answer: SigningAnswer) => {
      const asked = waiting.get(answer.task)
      waiting.delete(answer.task)
      if ('texts' in answer) asked?.resolve(answer.texts)
      else asked?.reject(new CertificateError('batch.worker_failed', { what: answer.failure.message }))
    })
    worker.on('error', fail)
    worker.on('exit', fail)
    return worker
  })
  let tasks = 0
  return {
    sign(entries) {
      // A thread that is gone answers nobody any more.
      if (lost !== undefined) return Promise.reject(lost)
      const task = tasks++
      const asked = Promise.withResolvers<readonly string[]>()
      waiting.set(task, asked)
      const unsigned = entries.map(({ certificate, signing, slot }) => ({ certificate, signing, slot }))
      workers[task % workers.length]?.postMessage({ task, entries: unsigned } satisfies SigningTask)
      return asked.promise
    },
    width: count + 1,
    async end() {
      waiting.clear()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** MiB. A block of certificates takes a few; with less room a worker tidies up sooner, and takes a third. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 }

/** The worker's file beside this one: in the sources, or in what was built of them. */
const workerUrl = (here: string): URL =>
  here.endsWith('.ts') ? new URL('../sign-worker.ts', here) : new URL('./sign-worker.js', here)

/** What a worker does with its tasks. The awards of one task are shared, and fixed so that they are converted once. */
export function signingFor(work: SigningWork): (task: SigningTask) => Promise<SigningAnswer> {
  const { settings, secret, secretKey, verificationMethod } = work
  const signer = signerOfSecret(secretKey, { verificationMethod })
  const here = signHere({ settings: fix(settings), secret, signer })
  return async ({ task, entries }) => {
    for (const { certificate } of entries) {
      fix(certificate.issuer)
      if ('award' in certificate) fix(certificate.award)
    }
    try {
      return { task, texts: await here.sign(entries) }
    } catch (error) {
      const { name, message } = error as Error
      return { task, failure: { name, message } }
    }
  }
}
