/** Looks for a code in what a camera shows: by the browser's own detector where it has one, else by our decoder. */
import { textsInPixels } from '../carrier/qr-picture.ts'

export interface Camera {
  readonly stop: () => void
}

/** Chromium and Safari on some systems have one; standards call it the Shape Detection API. */
interface BarcodeDetectorLike {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

/** Milliseconds between two looks, and that our decoder may take for one. */
const pause = 150
const work = 120

/** Opens the camera and calls `found` with the first text; `null` where there is no camera or no leave to use it. */
export async function openCamera(
  video: HTMLVideoElement,
  found: (text: string) => void,
): Promise<Camera | null> {
  const stream = await navigator.mediaDevices
    ?.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false })
    .catch(() => null)
  if (!stream) return null
  video.srcObject = stream
  await video.play().catch(() => undefined)
  const detector = detectorHere()
  let isOpen = true
  const stop = () => {
    isOpen = false
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  const look = async () => {
    if (!isOpen) return
    const [text] = video.videoWidth === 0 ? [] : await textsIn(video, detector)
    if (!isOpen) return
    if (text === undefined) setTimeout(look, pause)
    else {
      stop()
      found(text)
    }
  }
  setTimeout(look, pause)
  return { stop }
}

function detectorHere(): BarcodeDetectorLike | null {
  const { BarcodeDetector } = globalThis as {
    BarcodeDetector?: new (options: { formats: readonly string[] }) => BarcodeDetectorLike
  }
  try {
    return BarcodeDetector === undefined ? null : new BarcodeDetector({ formats: ['qr_code'] })
  } catch {
    return null
  }
}

async function textsIn(
  video: HTMLVideoElement,
  detector: BarcodeDetectorLike | null,
): Promise<readonly string[]> {
  const detected = await detector?.detect(video).catch(() => [])
  if (detected !== undefined && detected.length > 0) return detected.map(({ rawValue }) => rawValue)
  const { videoWidth: width, videoHeight: height } = video
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return []
  context.drawImage(video, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  return textsInPixels({ data, width, height }, work)
}
