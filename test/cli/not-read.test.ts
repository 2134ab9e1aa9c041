import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainPng } from '../carrier/pictures.ts'
import { gradecert, shortExport } from './terminal.ts'

const at = ['--at', '2026-02-20T00:00:00Z']
let folder: string
let dir: string
let judging: readonly string[]

beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/gradecert-test-`)
  dir = `${folder}/agency`
  const names = ['--name', '示例评价机构', '--name-en', 'Example Evaluation Agency']
  await gradecert(['init', dir, ...names, '--did', 'key'])
  await gradecert(['issue', await shortExport(folder), '--dir', dir, ...at])
  await gradecert(['publish', '--dir', dir, ...at])
  judging = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`, ...at]
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const verifyWith = async (files: Readonly<Record<string, string | Uint8Array>>) => {
  const place = mkdtempSync(`${folder}/given-`)
  cpSync(`${dir}/out`, place, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(`${place}/${name}`, content)
  return { place, ...(await gradecert(['verify', place, ...judging, '--json'])) }
}

test('good certificates, and files that are called none or show none, are fine', async () => {
  const { code, err } = await verifyWith({ 'readme.md': 'hello', 'logo.png': plainPng() })
  expect(code).toBe(0)
  expect(err).toContain('2 files are no certificates by name or content and were left alone.')
})

test('good certificates beside a paper that could not be looked into are not all there is: nothing is known of it', async () => {
  const { code, err, lines, place } = await verifyWith({ 'zz.pdf': '%PDF-1.7\nnothing' })
  expect(code).toBe(2)
  expect(lines).toContainEqual({ file: `${place}/zz.pdf`, notRead: 'damaged', detail: 'the file has no end' })
  expect(err).toContain(
    `${place}/zz.pdf was not looked into, so nothing is known of it: damaged (the file has no end).`,
  )
})
