/** Where the certificates of a batch go: a file each in a folder, or all in one file that is there once it is whole. */
import { utf8 } from '../base/bytes.ts'
import { openWholeFile, type WholeFile, writeFileWhole } from '../base/files.ts'
import { readTextFile } from '../issue/entry-text.ts'

export interface Sink {
  /** Whether a certificate is a file of its own, which stays as it is where it is right. */
  readonly kind: SinkKind
  /** The file in which a certificate of this name will be found. */
  readonly fileOf: (name: string) => string
  /** Takes one certificate; resolves when there is room for the next. `name` has its extension. */
  readonly put: (name: string, text: string) => Promise<void>
  /** Gives what was written its name. */
  readonly end: () => Promise<void>
  /** Leaves nothing behind that is not whole. */
  readonly discard: () => Promise<void>
}

export type SinkKind = 'files' | 'jsonl' | 'zip'

/** `*.jsonl` and `*.zip` are one file, anything else is a folder. */
export const sinkKindOf = (out: string): SinkKind =>
  out.endsWith('.jsonl') ? 'jsonl' : out.endsWith('.zip') ? 'zip' : 'files'

/** Opens a sink. `modified` is what a zip says of its files, so that the same batch gives the same bytes. */
export function openSink(out: string, modified: Date): Promise<Sink> {
  return sinks[sinkKindOf(out)](out, modified)
}

const sinks: Readonly<Record<SinkKind, (out: string, modified: Date) => Promise<Sink>>> = {
  files: async (folder) => {
    const fileOf = (name: string) => `${folder}/${name}`
    return {
      kind: 'files',
      fileOf,
      async put(name, text) {
        const file = fileOf(name)
        if ((await readTextFile(file)) !== text) await writeFileWhole(file, text)
      },
      async end() {},
      async discard() {},
    }
  },

  /** A line each; a token is a JSON text like any other. */
  jsonl: async (path) => {
    const file = await openWholeFile(path)
    const lines = gathered(file)
    return {
      kind: 'jsonl',
      fileOf: () => path,
      put: (name, text) => lines.add(`${name.endsWith('.json') ? text : JSON.stringify(text)}\n`),
      async end() {
        await lines.flush()
        await file.end()
      },
      discard: file.discard,
    }
  },

  /** Stored, not deflated: a signature does not shrink, and whoever wants it smaller packs it again. */
  zip: async (path, modified) => {
    const file = await openWholeFile(path)
    const { makeZip } = await import('client-zip')
    const entries = new TransformStream<ZipEntry, ZipEntry>(undefined, { highWaterMark: 16 })
    const writer = entries.writable.getWriter()
    const written = pump(makeZip(entries.readable), file)
    written.catch((error) => writer.abort(error).catch(() => {})) // whoever puts the next one is told
    return {
      kind: 'zip',
      fileOf: () => path,
      async put(name, text) {
        await Promise.race([writer.ready, written])
        void writer.write({ name, input: utf8(text), lastModified: modified }).catch(() => {}) // told by `written`
      },
      async end() {
        await Promise.race([writer.close(), written])
        await written
        await file.end()
      },
      async discard() {
        // Not waited for: an entry that nobody reads any more keeps it from ending. It may be closed, too.
        void writer.abort().catch(() => {})
        await written.catch(() => {}) // it was told before
        await file.discard()
      },
    }
  },
}

interface ZipEntry {
  readonly name: string
  readonly input: Uint8Array<ArrayBuffer>
  readonly lastModified: Date
}

async function pump(stream: ReadableStream<Uint8Array>, file: WholeFile): Promise<void> {
  const reader = stream.getReader()
  try {
    let parts: Uint8Array[] = []
    let length = 0
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parts.push(read.value)
      length += read.value.length
      if (length < blockBytes) continue
      await file.write(Buffer.concat(parts))
      parts = []
      length = 0
    }
    await file.write(Buffer.concat(parts))
  } catch (error) {
    // Not waited for: what makes the zip waits for entries that nobody will put any more.
    void reader.cancel(error).catch(() => {})
    throw error
  }
}

/** Bytes, or characters, that are written at once: small writes cost more than what they write. */
const blockBytes = 262_144

function gathered(file: WholeFile) {
  let parts: string[] = []
  let length = 0
  const flush = async () => {
    const text = parts.join('')
    parts = []
    length = 0
    await file.write(text)
  }
  return {
    async add(text: string) {
      parts.push(text)
      length += text.length
      if (length >= blockBytes) await flush()
    },
    flush,
  }
}
