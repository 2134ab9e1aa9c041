/** The sorts of files that carry certificates inside, by their first bytes. */
import type { Carrier } from './carried.ts'
import { png } from './png.ts'
import { svg } from './svg.ts'

const carriers: readonly Carrier[] = [png, svg]

export const carrierOf = (bytes: Uint8Array): Carrier | undefined =>
  carriers.find(({ begins }) => begins(bytes))
