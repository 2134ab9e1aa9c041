/** A part of the program that is loaded when it is first needed, and at hand from then on. */
import type { MaybePromise } from './platform.ts'

/** Asking `import` for a module that is there takes as long as reading a certificate's dates: what it gave is kept. */
export function lazily<Module>(load: () => Promise<Module>): () => MaybePromise<Module> {
  let loaded: Module | undefined
  return () =>
    loaded ??
    load().then((module) => {
      loaded = module
      return module
    })
}
