/** Pictures for tests: made by another library, and taken apart and put together chunk by chunk. */
import { crc32 } from 'node:zlib'
import { encode } from 'fast-png'
import type { Bytes } from '../../src/base/bytes.ts'
import { concat, utf8 } from '../../src/base/bytes.ts'

/** Two by two pixels, by fast-png. */
export const plainPng = (text: Readonly<Record<string, string>> = {}): Bytes =>
  new Uint8Array(
    encode({
      width: 2,
      height: 2,
      data: new Uint8Array([0, 80, 160, 255]),
      channels: 1,
      depth: 8,
      text: { ...text },
    }),
  )

/** A chunk as the standard describes it, its checksum by zlib. */
export function chunk(type: string, content: Uint8Array | string): Bytes {
  const named = concat(utf8(type), typeof content === 'string' ? utf8(content) : new Uint8Array(content))
  const numbers = new DataView(new ArrayBuffer(8))
  numbers.setUint32(0, named.length - 4)
  numbers.setUint32(4, crc32(named))
  return concat(new Uint8Array(numbers.buffer.slice(0, 4)), named, new Uint8Array(numbers.buffer.slice(4)))
}

/** Bytes of the signature and the head. */
export const afterHead = 8 + 25

/** A picture with chunks right after its head. */
export const pngWith = (...chunks: readonly Bytes[]): Bytes => {
  const picture = plainPng()
  return concat(picture.slice(0, afterHead), ...chunks, picture.slice(afterHead))
}

/** The text of an `iTXt` chunk as the standard of Open Badges shows it. */
export const iTXt = (text: string, keyword = 'openbadgecredential'): Bytes =>
  chunk('iTXt', `${keyword}\0\0\0\0\0${text}`)

/** The two examples of Open Badges 3.0, section 5.3, with what is baked into them. */
export const exampleJws = 'header.payload.signature'
export const exampleJson = `{
          "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context"
          ],
          "id": "http://example.edu/credentials/3732",
          "type": ["VerifiableCredential", "OpenBadgeCredential"],
          "issuer": {
            "id": "https://example.edu/issuers/565049",
            "type": "IssuerProfile",
            "name": "Example University"
          },
          "issuanceDate": "2010-01-01T00:00:00Z",
          "credentialSubject": {
            "id": "did:example:ebfeb1f712ebc6f1c276e12ec21"
          },
          "proof": { }
        }`

const exampleHead = `<?xml version="1.0" encoding="UTF-8"?>
  <svg xmlns="http://www.w3.org/2000/svg"
    xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"
    viewBox="0 0 512 512">
    `
const exampleEnd = `

    <!-- rest-of-image -->
  </svg>
`

export const exampleSvgs = {
  jws: `${exampleHead}<openbadges:credential verify="${exampleJws}"></openbadges:credential>${exampleEnd}`,
  json: `${exampleHead}<openbadges:credential>
      <![CDATA[
        ${exampleJson}
      ]]>
    </openbadges:credential>${exampleEnd}`,
} as const

/** What stands inside an SVG, in an element that has both namespaces. */
export const svgOf = (inside: string, attributes = ''): Bytes =>
  utf8(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"${attributes}>${inside}</svg>`,
  )
