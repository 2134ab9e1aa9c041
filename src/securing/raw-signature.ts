/** What a signer gives, checked before anything is built on it. */
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { after, type MaybePromise } from '../base/platform.ts'
import { algorithms } from '../key/algorithm.ts'
import type { Signer } from '../key/signer.ts'

/** The raw signature of bytes, as long as its algorithm says. @throws `securing.signer_misbehaves` */
export function rawSignature(signer: Pick<Signer, 'algorithm' | 'sign'>, bytes: Bytes): MaybePromise<Bytes> {
  return after(signer.sign(bytes), (signature) => {
    if (signature.length !== algorithms[signer.algorithm].signatureBytes) {
      throw new CertificateError('securing.signer_misbehaves', { bytes: signature.length })
    }
    return signature
  })
}
