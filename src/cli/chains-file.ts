/** The file with what a verifier trusts of logs and chains, and the files of headers that it names beside it. */
import { dirname, resolve } from 'node:path'
import { type ChainState, readChains } from '../anchor/chains.ts'
import { sha256Hex } from '../base/digest.ts'
import { readGiven } from './command.ts'

/** @throws `carrier.not_found`, `anchor.file_malformed` */
export async function readChainsFile(path: string): Promise<ChainState> {
  const source = new Uint8Array(await readGiven(path))
  return readChains(source, {
    file: async (name) => new Uint8Array(await readGiven(resolve(dirname(path), name))),
  })
}

/** Lower-case hex SHA-256 of the file by which a state is named in records. @throws `carrier.not_found` */
export const chainsDigest = async (path: string): Promise<string> =>
  path.startsWith('sha256:') ? path : sha256Hex(new Uint8Array(await readGiven(path)))
