/** The sorts of files that carry certificates inside, by their first bytes. */
import type { Carrier } from './carried.ts'

const carriers: readonly Carrier[] = []

export const carrierOf = (bytes: Uint8Array): Carrier | undefined =>
  carriers.find(({ begins }) => begins(bytes))
