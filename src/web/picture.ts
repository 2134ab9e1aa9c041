/** Codes on pictures, decoded by the browser: it reads whatever it shows, and runs nothing in it. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import type { CarrierFault } from '../carrier/carried.ts'
import { pictureLimits, textsInPixels } from '../carrier/qr-picture.ts'

/** The texts of the codes on a picture, or why there are none. */
export async function textsInPicture(bytes: Bytes): Promise<readonly Bytes[] | CarrierFault> {
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null)
  if (picture === null) return 'damaged'
  const { width, height } = picture
  if (width * height > pictureLimits.pixels) return 'too_large'
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (context === null) return 'damaged'
  context.drawImage(picture, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const texts = textsInPixels({ data, width, height })
  return texts.length === 0 ? 'nothing_inside' : texts.map((text) => utf8(text))
}
