/**
 * SHA-256 in plain arithmetic (FIPS 180-4, section 6.2), for browsers, whose own is asynchronous. What is hashed here is
 * public; secrets are hashed by Node's.
 */
import type { Bytes } from './bytes.ts'

/** @returns 32 bytes. */
export function plainSha256(data: Uint8Array): Bytes {
  const state = Uint32Array.from(initial)
  const schedule = new Int32Array(64)
  const whole = data.length - (data.length % blockBytes)
  const blocks = new DataView(data.buffer, data.byteOffset, data.byteLength)
  for (let at = 0; at < whole; at += blockBytes) compress(state, schedule, blocks, at)
  const end = padded(data.subarray(whole), data.length)
  for (let at = 0; at < end.byteLength; at += blockBytes) compress(state, schedule, end, at)
  const digest = new DataView(new ArrayBuffer(32))
  for (const [i, word] of state.entries()) digest.setUint32(4 * i, word)
  return new Uint8Array(digest.buffer)
}

const blockBytes = 64

/** The last bytes with a one bit, zeros and the length of all in bits: one block or two (section 5.1.1). */
function padded(rest: Uint8Array, length: number): DataView {
  const end = new Uint8Array(rest.length + 9 > blockBytes ? 2 * blockBytes : blockBytes)
  end.set(rest)
  end[rest.length] = 0x80
  const view = new DataView(end.buffer)
  view.setBigUint64(end.length - 8, 8n * BigInt(length))
  return view
}

/** Written out and on 32-bit integers, since a page spends a quarter of its time here. */
function compress(state: Uint32Array, schedule: Int32Array, blocks: DataView, at: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = blocks.getInt32(at + 4 * t)
  for (let t = 16; t < 64; t++) {
    const [early, late] = [schedule[t - 15] as number, schedule[t - 2] as number]
    const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
    const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
    schedule[t] = ((schedule[t - 16] as number) + s0 + (schedule[t - 7] as number) + s1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] as number) + (schedule[t] as number)) | 0
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** The first 32 bits of the fractions of the square roots of the first 8 primes (section 5.3.3). */
const initial: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** Those of the cube roots of the first 64 (section 4.2.2). */
const constants = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
)
