/** Codes on pictures, decoded by the browser: it reads whatever it shows, and runs nothing in it. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import type { CarrierFault, Refused } from '../carrier/carried.ts'
import { pictureLimits, textsInPixels } from '../carrier/qr-picture.ts'

/** The texts of the codes on a picture, or why there are none. */
export async function textsInPicture(bytes: Bytes): Promise<readonly Bytes[] | Refused> {
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null)
  if (picture === null) return refuse('damaged', 'this browser cannot show it')
  const { width, height } = picture
  const size = `${width} by ${height} pixels`
  try {
    if (width * height > pictureLimits.pixels) return refuse('too_large', size)
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (context === null) return refuse('too_large', size)
    context.drawImage(picture, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    const texts = textsInPixels({ data, width, height })
    return texts.length === 0 ? refuse('nothing_inside', 'no code on it') : texts.map((text) => utf8(text))
  } catch {
    return refuse('too_large', size) // so say browsers whose canvas has less room
  } finally {
    picture.close()
  }
}

const refuse = (fault: CarrierFault, detail: string): Refused => ({ ok: false, fault, detail })
