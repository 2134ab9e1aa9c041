import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { gradecert, temporaryFolder } from './terminal.ts'

const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))

test('a reader that stops reading is no fault: the exit code is that of the verdict', async () => {
  const folder = await temporaryFolder()
  for (let i = 0; i < 400; i++) await writeFile(`${folder}/${i}.json`, '{}')
  const code = await new Promise((resolve) => {
    const verifying = spawn(process.execPath, [bin, 'verify', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    verifying.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    verifying.stdout.once('data', () => verifying.stdout.destroy())
    verifying.on('exit', (exitCode) => resolve([exitCode, said]))
  })
  expect(code).toEqual([1, ''])
})

test('files given in each other’s place are named', async () => {
  const folder = await temporaryFolder()
  await gradecert(['init', `${folder}/a`, '--name', '示例评价机构'])
  await writeFile(`${folder}/x.json`, '{}')
  const evidence = await gradecert(['verify', `${folder}/x.json`, '--evidence', `${folder}/a/trust.json`])
  expect(evidence).toMatchObject({ code: 74, err: expect.stringContaining(`${folder}/a/trust.json: type`) })
  const trust = await gradecert(['verify', `${folder}/x.json`, '--trust', `${folder}/x.json`])
  expect(trust).toMatchObject({ code: 74, err: expect.stringContaining(`trust.file_malformed`) })
})
