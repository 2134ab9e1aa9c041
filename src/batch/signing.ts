/** Who signs a batch: this thread, or several workers that are each handed a hundred certificates at a time. */
import type { Bytes } from '../base/bytes.ts'
import type { DidUrl } from '../base/did-url.ts'
import { fix } from '../base/fixed.ts'
import { type SigningWorkspace, signEntry } from '../issue/entry-text.ts'
import type { Settings } from '../issue/workspace.ts'
import { type GeneratedSigner, signerOfSecret } from '../key/signer.ts'
import type { Entry } from '../registry/registry.ts'
import { openThreads, programUrl } from './threads.ts'

/** What signing needs of an entry. */
export type Unsigned = Pick<Entry, 'certificate' | 'signing' | 'slot'>

export interface Signing {
  /** The texts of some entries, in their order. Several calls may be under way at once. */
  readonly sign: (entries: readonly Unsigned[]) => Promise<readonly string[]>
  /** Calls that it takes to keep everybody busy. */
  readonly width: number
  readonly end: () => Promise<void>
}

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
  const threads = openThreads<readonly Unsigned[], readonly string[]>(
    programUrl('sign-worker', import.meta.url),
    {
      count,
      workerData,
      resourceLimits,
      codes: { lost: 'batch.worker_lost', failed: 'batch.worker_failed' },
    },
  )
  return {
    sign: (entries) =>
      threads.ask(entries.map(({ certificate, signing, slot }) => ({ certificate, signing, slot }))),
    width: count + 1,
    end: threads.end,
  }
}

/** MiB. A block of certificates takes a few; with less room a worker tidies up sooner, and takes a third. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 }

/** What a worker does with its tasks. The awards of one task are shared, and fixed so that they are converted once. */
export function signingFor(work: SigningWork): Signing['sign'] {
  const { settings, secret, secretKey, verificationMethod } = work
  const signer = signerOfSecret(secretKey, { verificationMethod })
  const { sign } = signHere({ settings: fix(settings), secret, signer })
  return (entries) => {
    for (const { certificate } of entries) {
      fix(certificate.issuer)
      if ('award' in certificate) fix(certificate.award)
    }
    return sign(entries)
  }
}
