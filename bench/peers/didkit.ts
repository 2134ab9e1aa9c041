/** @spruceid/didkit-wasm-node as JWT: Rust in WebAssembly, and it knows the data model 1.1 only. Its guide asks for strings. */
import { issueCredential, verifyCredential } from '@spruceid/didkit-wasm-node'
import { toBase64url } from '../../src/base/bytes.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { agency } from '../scene.ts'
import { type Contender, seed } from './contender.ts'
import { inputOf11 } from './vcdm-1.1.ts'

const key = JSON.stringify({ ...toJwk(agency.publicKey), d: toBase64url(seed) })
const issuing = JSON.stringify({ proofFormat: 'jwt', verificationMethod: agency.verificationMethod })
const verifying = JSON.stringify({ proofFormat: 'jwt' })

export const contenders: readonly Contender[] = [
  {
    id: 'peer/@spruceid/didkit-wasm-node/jwt',
    form: 'jwt of 1.1',
    inputOf: inputOf11,
    issue: (credential) => issueCredential(JSON.stringify(credential), issuing, key),
    async verify(text) {
      const { errors, checks } = JSON.parse(await verifyCredential(text, verifying))
      return errors.length === 0 && checks.includes('JWS')
    },
  },
]
