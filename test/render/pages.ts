/** Pages of a PDF as pictures and as text, by the engine of a browser (pdfium). */
import { PDFiumLibrary } from '@hyzyla/pdfium'
import type { Grey } from './approved.ts'

let library: Promise<PDFiumLibrary> | undefined

/** The first page at so many dots an inch, and its text. */
export async function pageOf(
  bytes: Uint8Array,
  dpi: number,
): Promise<{ picture: Grey; text: string; rgba: Uint8ClampedArray }> {
  library ??= PDFiumLibrary.init()
  const document = await (await library).loadDocument(bytes)
  try {
    const page = document.getPage(0)
    const text = page.getText() // before the page is drawn: afterwards this engine ends in a fault of its own
    const { data, width, height } = await page.render({ scale: dpi / 72, render: 'bitmap' })
    const rgba = new Uint8ClampedArray(data)
    const pixels = new Uint8Array(width * height)
    for (let i = 0; i < pixels.length; i++) {
      const [red = 0, green = 0, blue = 0] = rgba.subarray(i * 4, i * 4 + 3)
      pixels[i] = Math.round(red * 0.299 + green * 0.587 + blue * 0.114)
    }
    return { picture: { width, height, pixels }, text, rgba }
  } finally {
    document.destroy()
  }
}
