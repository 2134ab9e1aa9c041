/** Appends entries to a log, one batch after the other, until it is ended. Says the size of each head that it signed. */
import { appendEntries, openLog, publishHead, readHead } from '../../src/anchor/log-folder.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'

const [folder = '', seed = ''] = process.argv.slice(2)
const log = await openLog(folder)
for (let i = 0; ; i++) {
  const entries = Array.from({ length: 1 + (i % 90) }, (_, k) => sha256(utf8(`${seed} ${i} ${k}`)))
  await appendEntries(log, entries)
  const { note, checkpoint } = await readHead(log)
  await publishHead(log, note)
  process.stdout.write(`${checkpoint.size}\n`)
}
