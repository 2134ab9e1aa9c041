import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { AFRelationship, PDFDocument } from 'pdf-lib'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundleType } from '../../src/anchor/anchor.ts'
import { carrierLimits } from '../../src/carrier/carried.ts'
import { pdf } from '../../src/carrier/pdf.ts'
import { evidenceFileType } from '../../src/evidence/evidence.ts'
import { classic, flate, latin, modern, type Objects, stream, withFile } from './pdfs.ts'

const badge = '{"type":["VerifiableCredential","OpenBadgeCredential"],"name":"𠮷㛃䶮·"}'
const token = `${Buffer.from('{"alg":"EdDSA"}').toString('base64url')}.e30.AA~`
const anchors = `{"type":"${bundleType}"}`
const evidence = `{"items":[],"type":"${evidenceFileType}"}`

const read = (bytes: Uint8Array) => pdf.read(new Uint8Array(bytes))

async function textsIn(bytes: Uint8Array) {
  const carrying = await read(bytes)
  if (!carrying.ok) return carrying.fault
  const { texts, anchors, evidence } = carrying.carried
  const all = (list: readonly Uint8Array[]) => list.map((one) => Buffer.from(one).toString())
  return { texts: all(texts), anchors: all(anchors), evidence: all(evidence) }
}

const only = (...texts: readonly string[]) => ({ texts, anchors: [], evidence: [] })
const utf8 = (text: string) => new Uint8Array(Buffer.from(text))
const good = withFile(flate(utf8(badge)))

describe('files attached by another library', () => {
  async function withFiles(files: Readonly<Record<string, string>>, useObjectStreams: boolean) {
    const made = await PDFDocument.create()
    made.addPage()
    for (const [name, content] of Object.entries(files))
      await made.attach(utf8(content), name, { mimeType: 'text/plain', afRelationship: AFRelationship.Data })
    return made.save({ useObjectStreams })
  }
  const files = {
    'a.txt': badge,
    'b.json': token,
    '证据.bin': evidence,
    d: anchors,
    'e.json': '{}',
    f: 'a.b.c',
  }

  test.each([true, false])(
    'are sorted by what they hold, whatever they are called (object streams: %s)',
    async (streams) => {
      expect(await textsIn(await withFiles(files, streams))).toEqual({
        texts: [badge, token],
        anchors: [anchors],
        evidence: [evidence],
      })
    },
  )

  test('are evidence where they are larger than a certificate and say so', async () => {
    const large = `{"pad":"${'x'.repeat(carrierLimits.textBytes)}","type":"${evidenceFileType}"}`
    expect(
      await textsIn(await withFiles({ large, other: large.replace(evidenceFileType, 'Other') }, true)),
    ).toEqual({
      ...only(),
      evidence: [large],
    })
  })

  test('are refused where there is more of them than certificates are', async () => {
    const files = Object.fromEntries(
      [...'abcde'].map((name) => [name, `{"${name}":"${'x'.repeat(1_000_000)}"}`]),
    )
    expect(await textsIn(await withFiles(files, true))).toBe('too_large')
  })

  test('are none where nothing is a certificate', async () => {
    expect(await textsIn(await withFiles({ 'certificate.json': '{"type":"Certificate"}' }, true))).toBe(
      'nothing_inside',
    )
  })

  test('are read up to 64 of them, and no more', async () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`${i}`, `{"type":"VerifiableCredential","n":${i}}`]),
      )
    const read64 = await textsIn(await withFiles(many(64), true))
    expect(read64).toMatchObject({ texts: { length: 64 } })
    expect(await textsIn(await withFiles(many(65), true))).toBe('too_many_parts')
  })
})

describe('a file is found', () => {
  const file = flate(utf8(badge))
  const catalogue = (more: string) => `<< /Type /Catalog /Pages 2 0 R ${more} >>`
  test.each<[where: string, bytes: Uint8Array]>([
    ['in a classic table', classic(good)],
    ['in a table stream with packed objects', modern(good)],
    ['in a table stream with a predictor', modern(good, { predictor: true })],
    ['in several streams of packed objects', modern(good, { each: 1, predictor: true })],
    [
      'where its length stands elsewhere',
      classic(
        withFile(stream('/Filter /FlateDecode /Length 6 0 R', deflateSync(badge)), {
          6: String(deflateSync(badge).length),
        }),
      ),
    ],
    [
      'where its name is written in another way',
      classic(withFile(file, { 4: '<< /#45F << /UF 5 0 R >> >>' })),
    ],
    [
      'deep in a tree of names',
      classic(
        withFile(file, {
          1: catalogue('/Names << /EmbeddedFiles 6 0 R >>'),
          6: '<< /Kids [7 0 R] >>',
          7: '<< /Kids [<< /Names [(x) 4 0 R] >>] >>',
        }),
      ),
    ],
    ['among the associated files', classic(withFile(file, { 1: catalogue('/AF [4 0 R]') }))],
    [
      'in a note on the page',
      classic(
        withFile(file, {
          1: catalogue(''),
          3: '<< /Type /Page /Parent 2 0 R /Annots [<< /Subtype /FileAttachment /FS 4 0 R >>] >>',
        }),
      ),
    ],
    [
      'once, though it is named three times',
      classic(
        withFile(file, {
          1: catalogue('/AF [4 0 R 4 0 R] /Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>'),
        }),
      ),
    ],
    [
      'with a line break behind its data',
      classic(
        withFile(stream('/Filter /FlateDecode', Buffer.concat([deflateSync(badge), Buffer.from('\n')]))),
      ),
    ],
    ['not packed at all', classic(withFile(stream('', utf8(badge))))],
    [
      'packed with ASCIIHexDecode',
      classic(withFile(stream('/Filter /ASCIIHexDecode', `${Buffer.from(badge).toString('hex')}>`))),
    ],
    [
      'packed with two filters',
      classic(
        withFile(stream('/Filter [/ASCIIHexDecode /FlateDecode]', `${deflateSync(badge).toString('hex')}>`)),
      ),
    ],
    ['in a later version of the document', classic({ 5: file }, { before: classic(withFile(flate('{}'))) })],
    [
      'in a later version with a table stream',
      modern({ 5: file }, { before: modern(withFile(flate('{}'))), next: 20 }),
    ],
    [
      'in an earlier version, where the later one changes something else',
      classic({ 3: '<< /Type /Page /Parent 2 0 R >>' }, { before: modern(good) }),
    ],
  ])('%s', async (_where, bytes) => {
    expect(await textsIn(bytes)).toEqual(only(badge))
  })

  test('packed with ASCII85Decode', async () => {
    const plain = '{"type":"VerifiableCredential"}'
    // As Python's base64.a85encode writes it.
    const packed = "HQmQWE+L4S,$&8qBkD'f@VfUCEb/cmDKKT$Ca+9~>"
    const bytes = classic(withFile(stream('/Filter /ASCII85Decode', packed)))
    expect(await textsIn(bytes)).toEqual(only(plain))
  })

  test('no more, once a later version took it away', async () => {
    const taken = classic({ 1: catalogue(''), 4: 'null' }, { before: classic(good) })
    expect(await textsIn(taken)).toBe('nothing_inside')
  })
})

describe('a document is refused', () => {
  const catalogue = (more: string) => `<< /Type /Catalog /Pages 2 0 R ${more} >>`
  const changed = (more: Objects) => classic(withFile(flate(utf8(badge)), more))
  const bomb = (bytes: number) => deflateSync(new Uint8Array(bytes))

  test.each<[what: string, bytes: () => Uint8Array | Promise<Uint8Array>, fault: string]>([
    ['that is encrypted', () => classic(good, { trailer: '/Encrypt 9 0 R' }), 'encrypted'],
    [
      'that was encrypted in an earlier version',
      () => classic({ 5: '1' }, { before: classic(good, { trailer: '/Encrypt 9 0 R' }) }),
      'encrypted',
    ],
    [
      'with an encrypted stream',
      () => changed({ 5: stream('/Filter [/Crypt /FlateDecode]', deflateSync(badge)) }),
      'encrypted',
    ],
    [
      'with an encrypted payload',
      () => changed({ 4: '<< /Type /Filespec /EP << >> /EF << /F 5 0 R >> >>' }),
      'encrypted',
    ],
    [
      'with a script to be run at once',
      () => changed({ 1: catalogue('/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>') }),
      'scripted',
    ],
    [
      'with an action at once that is elsewhere',
      () => changed({ 1: catalogue('/OpenAction 6 0 R'), 6: '<< /S /URI /URI (https://x.example) >>' }),
      'scripted',
    ],
    [
      'with a jump at once that goes on to more',
      () => changed({ 1: catalogue('/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 6 0 R >>') }),
      'scripted',
    ],
    [
      'with a list of scripts',
      () => changed({ 1: catalogue('/Names << /JavaScript << /Names [] >> >>') }),
      'scripted',
    ],
    [
      'with a script under a name in disguise',
      () => changed({ 3: '<< /Type /Page /Annots [<< /A << /S /J#61vaScript /#4a#53 (1) >> >>] >>' }),
      'scripted',
    ],
    [
      'with actions of a page',
      () => changed({ 3: '<< /Type /Page /AA << /O << /S /Named /N /NextPage >> >> >>' }),
      'scripted',
    ],
    [
      'that starts a program',
      () => changed({ 6: '<< /Annots [ << /A << /S /Launch /F (cmd.exe) >> >> ] >>' }),
      'scripted',
    ],
    [
      'whose action has its kind elsewhere',
      () => changed({ 6: '<< /A << /S 7 0 R >> >>', 7: '/Launch' }),
      'scripted',
    ],
    ['that sends a form', () => changed({ 6: '<< /A << /S /SubmitForm >> >>' }), 'scripted'],
    ['with a form of another kind', () => changed({ 6: '<< /XFA [] >>' }), 'scripted'],
    [
      'with a script in packed objects',
      () => modern(withFile(flate(badge), { 6: '<< /S /JavaScript >>' })),
      'scripted',
    ],
    ['without an end', () => classic(good).slice(0, -30), 'damaged'],
    ['without a catalogue', () => changed({ 1: 'null' }), 'damaged'],
    [
      'whose table is elsewhere',
      () =>
        latin(
          Buffer.from(classic(good))
            .toString('latin1')
            .replace(/startxref\n\d+/, 'startxref\n17'),
        ),
      'damaged',
    ],
    [
      'whose table is behind the end',
      () =>
        latin(
          Buffer.from(classic(good))
            .toString('latin1')
            .replace(/startxref\n\d+/, 'startxref\n99999999'),
        ),
      'damaged',
    ],
    [
      'with an object that is not where the table says',
      () => latin(Buffer.from(classic(good)).toString('latin1').replace('4 0 obj', '8 0 obj')),
      'damaged',
    ],
    [
      'whose tables lead back to themselves',
      () => {
        const bytes = classic(good)
        return classic(good, {
          trailer: `/Prev ${/startxref\n(\d+)/.exec(Buffer.from(bytes).toString('latin1'))?.[1]}`,
        })
      },
      'damaged',
    ],
    ['with a key twice', () => changed({ 4: '<< /EF << /F 5 0 R >> /EF << /F 6 0 R >> >>' }), 'damaged'],
    ['with a dictionary that has no keys', () => changed({ 4: '<< /EF << /F 5 0 R >> 7 7 >>' }), 'damaged'],
    ['with an object that refers to itself', () => changed({ 4: '4 0 R' }), 'damaged'],
    [
      'with a stream as long as itself says',
      () => changed({ 5: stream('/Filter /FlateDecode /Length 5 0 R', deflateSync(badge)) }),
      'damaged',
    ],
    [
      'with a stream that goes on',
      () => changed({ 5: stream('/Filter /FlateDecode /Length 9', deflateSync(badge)) }),
      'damaged',
    ],
    ['with a stream behind the end', () => changed({ 5: stream('/Length 99999999', badge) }), 'damaged'],
    ['with a stream in another file', () => changed({ 5: stream('/F (x.json)', badge) }), 'damaged'],
    [
      'with a wrong check sum',
      () => {
        const packed = deflateSync(badge)
        packed[packed.length - 1] = (packed.at(-1) as number) ^ 1
        return changed({ 5: stream('/Filter /FlateDecode', packed) })
      },
      'damaged',
    ],
    ['with a filter that is not read', () => changed({ 5: stream('/Filter /LZWDecode', badge) }), 'damaged'],
    [
      'with a list of files that leads back to itself',
      () =>
        changed({
          1: catalogue('/Names << /EmbeddedFiles 6 0 R >>'),
          6: '<< /Kids [7 0 R] >>',
          7: '<< /Kids [6 0 R] >>',
        }),
      'damaged',
    ],
    ['nested too deep', () => changed({ 6: `${'['.repeat(100_000)}` }), 'damaged'],
    ['with a text without an end', () => changed({ 6: '(((' }), 'damaged'],
    ['with a wrong digit', () => changed({ 5: stream('/Filter /ASCIIHexDecode', '7b7g>') }), 'damaged'],
    [
      'with objects in a stream that is itself in one',
      () => changed({ 5: stream('/Filter /FlateDecode /Length 6 0 R', deflateSync(badge)), 6: '[1]' }),
      'damaged',
    ],
    [
      'with a file that expands to too much',
      () => changed({ 5: stream('/Filter /FlateDecode', bomb(carrierLimits.evidenceBytes + 1)) }),
      'bomb',
    ],
    [
      'with a file that is packed in itself',
      () => changed({ 5: stream('/Filter [/FlateDecode /FlateDecode]', deflateSync(bomb(400_000_000))) }),
      'bomb',
    ],
    [
      'with files that expand to too much together',
      () => {
        const files = Array.from(
          { length: 4 },
          (_, i) => [10 + i, stream('/Filter /FlateDecode', bomb(carrierLimits.evidenceBytes - i))] as const,
        )
        const named = files.map(([number]) => `<< /EF << /F ${number} 0 R >> >>`)
        return changed({ 1: catalogue(`/AF [${named.join(' ')}]`), ...Object.fromEntries(files) })
      },
      'bomb',
    ],
    [
      'with twenty filters',
      () => changed({ 5: stream(`/Filter [${'/ASCIIHexDecode '.repeat(20)}]`, '00>') }),
      'bomb',
    ],
    [
      'with a large file that is not packed',
      () => changed({ 5: stream('', new Uint8Array(carrierLimits.evidenceBytes + 1)) }),
      'too_large',
    ],
    ['that is too large', () => new Uint8Array(carrierLimits.fileBytes + 1), 'too_large'],
    [
      'that attaches one file a thousand times over',
      () =>
        changed({
          1: catalogue(
            `/AF [${Array.from({ length: 70 }, (_, i) => `<< /EF << /F ${10 + i} 0 R >> >>`).join(' ')}]`,
          ),
          ...Object.fromEntries(Array.from({ length: 70 }, (_, i) => [10 + i, stream('', badge)])),
        }),
      'too_many_parts',
    ],
    [
      'that was changed a thousand times',
      () => {
        let bytes = classic(good)
        for (let i = 0; i < 300; i++) bytes = classic({ 3: 'null' }, { before: bytes })
        return bytes
      },
      'too_many_parts',
    ],
    ['that has nothing attached', () => classic({ 1: catalogue(''), 2: '<< >>' }), 'nothing_inside'],
  ])('%s', async (_what, bytes, fault) => {
    expect(await textsIn(await bytes())).toBe(fault)
  })

  test('that makes each of a hundred thousand objects the same long list', async () => {
    const list = `6 0 obj [${' '.repeat(1_000_000)}] endobj\n`
    const body = Buffer.from(classic(withFile(flate(badge)))).toString('latin1')
    const at = body.length
    const rows = Array.from({ length: 100_000 }, () => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
    const table = at + list.length
    const bytes = latin(
      `${body}${list}xref\n6 100000\n${rows}trailer\n<< /Root 1 0 R /Prev ${/startxref\n(\d+)/.exec(body)?.[1]} >>\nstartxref\n${table}\n%%EOF\n`,
    )
    expect(['damaged', 'bomb']).toContain(await textsIn(bytes))
  })
})

describe('a table stream is refused', () => {
  const broken = (from: string | RegExp, to: string) =>
    latin(Buffer.from(modern(good)).toString('latin1').replace(from, to))
  test.each<[what: string, bytes: Uint8Array]>([
    ['with rows of no width', broken('/W [1 4 1]', '/W [0 0 0]')],
    ['with widths beyond numbers', broken('/W [1 4 1]', '/W [1 9 1]')],
    ['that is cut off', broken('/Index [', '/Index [0 99999 ')],
    ['with a count that is a text', broken('/Index [', '/Index [() 1 ')],
    ['of another type', broken('/Type /XRef', '/Type /Xref')],
    ['that is no stream', broken('/Type /XRef', '/Type /XRef >> endobj <<')],
    ['whose packed objects are none', broken('/Type /ObjStm', '/Type /ObjStn')],
    ['whose packed objects have another number', broken(/\/N 4/, '/N 1')],
  ])('%s', async (_what, bytes) => {
    expect(await textsIn(bytes)).toBe('damaged')
  })
})

describe('whatever is done to a document', () => {
  let documents: readonly Uint8Array[]
  beforeAll(async () => {
    const made = await PDFDocument.create()
    made.addPage()
    await made.attach(utf8(badge), 'a.json')
    documents = [
      classic(good),
      modern(good, { predictor: true, each: 2 }),
      await made.save(),
      classic({ 5: flate('1') }, { before: modern(good) }),
    ]
  })

  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 40 }),
    with: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(
        ...[
          '<<',
          '>>',
          '[',
          ']',
          '(',
          '0 0 R',
          '5 0 R',
          ' obj',
          'endobj',
          'stream\n',
          'startxref\n0\n%%EOF',
          '/Length 99',
          '%',
        ].map(latin),
      ),
    ),
  })

  test('it is read or refused, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 3 }),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (which, edits) => {
          let bytes = documents[which] as Uint8Array
          for (const { at, length, with: inserted } of edits) {
            const place = at % (bytes.length + 1)
            bytes = new Uint8Array([
              ...bytes.subarray(0, place),
              ...inserted,
              ...bytes.subarray(place + length),
            ])
          }
          expect(typeof (await read(bytes)).ok).toBe('boolean')
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('bytes of chance behind a right beginning are refused', async () => {
    for (let i = 0; i < 200; i++) {
      const bytes = new Uint8Array([...latin('%PDF-1.7\n'), ...randomBytes(2000)])
      expect(await textsIn(bytes)).toBe('damaged')
    }
  })
})

test('what begins a PDF is told from its first bytes', () => {
  expect(pdf.begins(classic(good))).toBe(true)
  expect(pdf.begins(latin(' %PDF-1.7'))).toBe(false)
  expect(pdf.begins(new Uint8Array())).toBe(false)
})
