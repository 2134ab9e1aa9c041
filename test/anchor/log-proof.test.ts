import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkpointText, readCheckpoint } from '../../src/anchor/checkpoint.ts'
import { cosigner, postQuantumCosigner } from '../../src/anchor/cosigner.ts'
import { judgeCheckpoint, type LogPolicy, readLogPolicy } from '../../src/anchor/log-policy.ts'
import { judgeLogProof, logProofText, readLogProof } from '../../src/anchor/log-proof.ts'
import { noteKey, noteKeyText, noteText, readNote, readNoteKey } from '../../src/anchor/note.ts'
import { noteSigner, signNote, verifyNoteSignature } from '../../src/anchor/note-signature.ts'
import { hashLeaf } from '../../src/anchor/tree.ts'
import { type Bytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'
import { logAnchorOf, logKey, origin, policyText, seconds, witnesses } from './makers.ts'

const commitment = sha256(utf8('a commitment'))
const policy = readLogPolicy(policyText)
const times = ['2026-03-02T09:00:00Z', '2026-03-02T09:00:05Z', '2026-03-02T09:00:09Z'] as const
const [first, second, third] = times
let proof: string
beforeAll(async () => {
  proof = (await logAnchorOf(commitment)).proof
})
const judge = (text: string, by: LogPolicy = policy, leaf: Bytes = hashLeaf(commitment)) =>
  judgeLogProof(text, leaf, by)

describe('a proof of an entry in a log', () => {
  test('holds, by the time of the last witness that the quorum needs', async () => {
    expect(await judge(proof)).toEqual({
      ok: true,
      index: 4,
      log: logKey.key,
      checkpoint: readCheckpoint(readNote(readLogProof(proof)!.checkpoint)!.text),
      existedBy: seconds(second),
      witnesses: ['w1', 'w2'],
    })
  })

  test('is written as it was read, extra data included', () => {
    expect(logProofText(readLogProof(proof)!)).toBe(proof)
    const withExtra = { ...readLogProof(proof)!, extra: utf8('more') }
    expect(readLogProof(logProofText(withExtra))).toEqual(withExtra)
  })

  test.each<[at: readonly (string | null)[], existedBy: string | null]>([
    [[third, second, first], second],
    [[null, second, first], second],
    [[third, null, first], third],
    [[first, first, first], first],
    [[first, null, null], null],
    [[null, null, null], null],
  ])('with witnesses at %j existed by %s', async (at, existedBy) => {
    const judged = await judge((await logAnchorOf(commitment, { at })).proof)
    if (existedBy === null) expect(judged).toEqual({ ok: false, reason: 'quorum_not_met' })
    else expect(judged).toMatchObject({ ok: true, existedBy: seconds(existedBy) })
  })

  test.each<[change: string, alter: (text: string) => string, reason: string]>([
    ['another version', (text) => text.replace('@v1', '@v2'), 'proof_malformed'],
    ['no index', (text) => text.replace(/index 4\n/, ''), 'proof_malformed'],
    ['an index with a zero before it', (text) => text.replace('index 4', 'index 04'), 'proof_malformed'],
    [
      'extra data that is no base64',
      (text) => text.replace('index 4', 'extra *\nindex 4'),
      'proof_malformed',
    ],
    [
      '64 hashes',
      (text) => text.replace('index 4', `index 4\n${`${'A'.repeat(43)}=\n`.repeat(60)}`.trim()),
      'proof_malformed',
    ],
    ['no checkpoint', (text) => text.slice(0, text.indexOf('\n\n')), 'proof_malformed'],
    ['another index', (text) => text.replace('index 4', 'index 5'), 'not_included'],
    ['a hash less', (text) => text.replace(/(index 4\n)[^\n]+\n/, '$1'), 'not_included'],
    ['another origin', (text) => text.replace(`\n\n${origin}\n`, '\n\nlog.other.example\n'), 'log_unknown'],
    ['another size', (text) => text.replace('\n11\n', '\n12\n'), 'signature_bad'],
    ['no signature of the log', (text) => text.replace(/\n— log[^\n]+/, ''), 'log_unknown'],
    ['no signature at all', (text) => text.slice(0, text.indexOf('— ')), 'note_malformed'],
    ['a line that is no signature', (text) => `${text}hello\n`, 'note_malformed'],
    [
      'a witness’s signature under the log’s name',
      (text) => text.replace(/— log\S+ \S+/, `— ${origin} AAAAAAAA`),
      'log_unknown',
    ],
    [
      'spoilt signature of a known witness',
      (text) => text.replace(/(— w1\S+ \S{40})./, (_, kept) => `${kept}#`),
      'note_malformed',
    ],
  ])('with %s does not hold', async (_change, alter, reason) => {
    expect(await judge(alter(proof))).toEqual({ ok: false, reason })
  })

  test('of another entry does not hold', async () => {
    expect(await judge(proof, policy, hashLeaf(sha256(utf8('another'))))).toEqual({
      ok: false,
      reason: 'not_included',
    })
    // The hash of the leaf is what is proven: its data alone is no leaf.
    expect(await judge(proof, policy, commitment)).toEqual({ ok: false, reason: 'not_included' })
  })

  test('passes over keys that the policy does not know, and takes each witness once', async () => {
    const stranger = cosigner('stranger.example', signerOfSeed(new Uint8Array(32).fill(9)))
    const { text } = readNote(readLogProof(proof)!.checkpoint)!
    const lineOf = async (signer: typeof stranger, at: string) =>
      (await signNote(text, [signer], seconds(at))).slice(text.length + 1)
    expect(await judge(proof + (await lineOf(stranger, first)))).toMatchObject({ ok: true })
    const one = (await logAnchorOf(commitment, { at: [first, null, null] })).proof
    const twice = one + (await lineOf(witnesses[0]!, second))
    expect(await judge(twice)).toEqual({ ok: false, reason: 'quorum_not_met' })
    expect(await judge(twice + (await lineOf(witnesses[1]!, third)))).toMatchObject({
      existedBy: seconds(third),
    })
  })

  test('with any one bit changed holds only where the line of a key was spoilt that nobody needs', async () => {
    const bytes = utf8(proof)
    const kinds = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = bytes.slice()
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
        const text = new TextDecoder('utf-8').decode(changed)
        const judged = await judge(text)
        if (!judged.ok) return
        // The name or the id of a witness is another now: nobody knows that key, and the two others are enough.
        const lines = [proof, text].map((one) => one.split('\n'))
        const at = lines[0]!.findIndex((line, i) => line !== lines[1]![i])
        expect(lines[0]![at]).toMatch(/^— w/)
        expect(judged.witnesses).toHaveLength(2)
        expect(judged.existedBy).toBeGreaterThanOrEqual(seconds(second))
        kinds.set(lines[0]![at]!.slice(0, 4), (kinds.get(lines[0]![at]!.slice(0, 4)) ?? 0) + 1)
      }),
      { seed: 20261123, numRuns: 10_000 },
    )
    expect([...kinds.keys()].toSorted()).toEqual(['— w1', '— w2', '— w3'])
  })
})

describe('a checkpoint', () => {
  const checkpoint = { origin, size: 7, root: sha256(utf8('root')), extensions: ['more'] }

  test('is read as it was written', () => {
    expect(readCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint)
  })

  test.each([
    ['no line break at its end', 'a\n7\nAAAA'],
    ['no origin', '\n7\nAAAA\n'],
    ['a size in hex', `a\n0x7\n${'A'.repeat(43)}=\n`],
    ['a size beyond 2^53', `a\n9007199254740992\n${'A'.repeat(43)}=\n`],
    ['a root of 31 bytes', `a\n7\n${'A'.repeat(42)}==\n`],
    ['an empty extension', `a\n7\n${'A'.repeat(43)}=\n\n`],
  ])('with %s is none', (_what, text) => {
    expect(readCheckpoint(text)).toBeNull()
  })
})

describe('a note', () => {
  const key = noteKeyText(logKey.key)

  test('is written as it was read', () => {
    const { checkpoint } = readLogProof(proof)!
    expect(noteText(readNote(checkpoint)!)).toBe(checkpoint)
  })

  test.each([
    ['no signature', 'text\n\n'],
    ['no empty line', 'text\n— a AAAAAAAA\n'],
    ['no line break at its end', 'text\n\n— a AAAAAAAA'],
    ['a control character', 'te\u0007xt\n\n— a AAAAAAAA\n'],
    ['a return', 'text\r\n\n— a AAAAAAAA\n'],
    ['a name with a plus', 'text\n\n— a+b AAAAAAAA\n'],
    ['no bytes after the id', 'text\n\n— a AAAAAA==\n'],
    ['65 signatures', `text\n\n${'— a AAAAAAAA\n'.repeat(65)}`],
  ])('with %s is none', (_what, text) => {
    expect(readNote(text)).toBeNull()
  })

  test.each([
    ['nothing', ''],
    ['no id', key.replace(/\+[0-9a-f]{8}\+/, '+')],
    ['the id of another key', key.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['another name', key.replace('log', 'fog')],
    [
      'an algorithm that nobody knows',
      noteKeyText({ ...logKey.key, keyId: '00000000' }).replace('+AQ', '+Ag'),
    ],
  ])('a key with %s is none', (_what, text) => {
    expect(readNoteKey(text)).toBeNull()
  })

  test('is not signed by a signature of another length, or over another text', async () => {
    const text = 'hello\n'
    const [signature] = readNote(await signNote(text, [logKey], 0))!.signatures
    expect(await verifyNoteSignature(text, signature!, logKey.key)).toEqual({ is: 'good' })
    expect(await verifyNoteSignature('hallo\n', signature!, logKey.key)).toEqual({ is: 'bad' })
    const short = { ...signature!, signature: signature!.signature.slice(1) }
    expect(await verifyNoteSignature(text, short, logKey.key)).toEqual({ is: 'bad' })
    const witness = noteKey(logKey.key.name, 'cosignature/v1', logKey.key.key)
    expect(await verifyNoteSignature(text, signature!, witness)).toEqual({ is: 'bad' })
  })
})

describe('a post-quantum witness', () => {
  test('signs the root, the size and its own name', async () => {
    const signer = (await postQuantumCosigner('pq.example', sha256(utf8('seed'))))!
    const text = checkpointText({ origin, size: 7, root: sha256(utf8('root')), extensions: [] })
    const note = await signNote(text, [signer], 1_700_000_000)
    const [signature] = readNote(note)!.signatures
    expect(signature!.signature).toHaveLength(8 + 2420)
    expect(readNoteKey(noteKeyText(signer.key))).toEqual(signer.key)
    expect(await verifyNoteSignature(text, signature!, signer.key)).toEqual({ is: 'good', at: 1_700_000_000 })
    const other = text.replace('\n7\n', '\n8\n')
    expect(await verifyNoteSignature(other, signature!, signer.key)).toEqual({ is: 'bad' })
    const named = noteKey('other.example', 'subtree/v1', signer.key.key)
    expect(await verifyNoteSignature(text, { ...signature!, name: 'other.example' }, named)).toEqual({
      is: 'bad',
    })
    expect(await verifyNoteSignature('no checkpoint\n', signature!, signer.key)).toEqual({ is: 'bad' })
  })

  test('counts like any other', async () => {
    const signer = (await postQuantumCosigner('pq.example', sha256(utf8('seed'))))!
    const text = checkpointText({ origin, size: 7, root: sha256(utf8('root')), extensions: [] })
    const note = await signNote(text, [logKey, signer], 1_700_000_000)
    const one = readLogPolicy(
      `log ${noteKeyText(logKey.key)}\nwitness pq ${noteKeyText(signer.key)}\nquorum pq\n`,
    )
    expect(await judgeCheckpoint(note, one)).toMatchObject({
      ok: true,
      existedBy: 1_700_000_000,
      witnesses: ['pq'],
    })
  })
})

describe('a policy', () => {
  const log = `log ${noteKeyText(logKey.key)}`
  const [w1, w2, w3] = witnesses.map(({ key }) => noteKeyText(key)) as [string, string, string]
  const faultOf = (text: string) => {
    try {
      readLogPolicy(text)
      return null
    } catch (error) {
      const { code, detail } = error as { code: string; detail: { what: string } }
      return [code, detail.what]
    }
  }

  test('may nest groups, give addresses and hold comments', () => {
    const text = [
      '# who we trust',
      `\t${log} https://log.example  `,
      `witness a ${w1} https://w1.example`,
      `witness b ${w2}`,
      'group ab any a b',
      `witness c ${w3}`,
      'group all-of-it all ab c',
      'quorum all-of-it',
    ].join('\n')
    expect(readLogPolicy(text)).toEqual({
      logs: [{ key: logKey.key, origin, url: 'https://log.example' }],
      witnesses: [
        { name: 'a', key: witnesses[0]!.key, url: 'https://w1.example' },
        { name: 'b', key: witnesses[1]!.key },
        { name: 'c', key: witnesses[2]!.key },
      ],
      quorum: {
        threshold: 2,
        members: [{ threshold: 1, members: [{ witness: 'a' }, { witness: 'b' }] }, { witness: 'c' }],
      },
    })
  })

  test('with groups in groups takes the time at which all that are needed had seen it', async () => {
    const nested = readLogPolicy(
      [
        log,
        `witness a ${w1}`,
        `witness b ${w2}`,
        'group ab any a b',
        `witness c ${w3}`,
        'group q all ab c',
        'quorum q',
      ].join('\n'),
    )
    expect(await judge(proof, nested)).toMatchObject({
      ok: true,
      existedBy: seconds(third),
      witnesses: ['a', 'b', 'c'],
    })
    const early = (await logAnchorOf(commitment, { at: [third, null, first] })).proof
    expect(await judge(early, nested)).toMatchObject({ existedBy: seconds(third), witnesses: ['a', 'c'] })
    expect(await judge((await logAnchorOf(commitment, { at: [first, second, null] })).proof, nested)).toEqual(
      {
        ok: false,
        reason: 'quorum_not_met',
      },
    )
  })

  test('that asks for no witness gives no time', async () => {
    const judged = await judge(proof, readLogPolicy(`${log}\nquorum none\n`))
    expect(judged).toMatchObject({ ok: true, witnesses: [] })
    expect(judged).not.toHaveProperty('existedBy')
  })

  test.each<[what: string, text: string, fault: string]>([
    ['no quorum', log, 'no quorum'],
    ['two', `${log}\nquorum none\nquorum none`, 'line 3: a second quorum'],
    ['a name that nobody has', 'quorum x', 'line 1: an unknown name'],
    ['a witness as log', `log ${w1}`, 'line 1: no key for this'],
    ['a log as witness', `witness a ${noteKeyText(logKey.key)}`, 'line 1: no key for this'],
    ['a key that is none', 'witness a b', 'line 1: no key for this'],
    ['one log twice', `${log}\n${log}`, 'line 2: a key that is there already'],
    [
      'one witness under two names',
      `witness a ${w1}\nwitness b ${w1}`,
      'line 2: a key that is there already',
    ],
    [
      'one key as log and as witness',
      `${log}\nwitness a ${noteKeyText(noteKey('w', 'cosignature/v1', logKey.key.key))}`,
      'line 2: a key that is there already',
    ],
    ['one name twice', `witness a ${w1}\nwitness a ${w2}`, 'line 2: no new name'],
    ['the name none', `witness none ${w1}`, 'line 1: no new name'],
    ['a group of nobody', 'group g any', 'line 1: no such threshold'],
    ['a group of somebody unknown', 'group g any a', 'line 1: no member a'],
    ['a member of two groups', `witness a ${w1}\ngroup g any a\ngroup h any a`, 'line 3: no member a'],
    ['a threshold above the members', `witness a ${w1}\ngroup g 2 a`, 'line 2: no such threshold'],
    ['a threshold of 0', `witness a ${w1}\ngroup g 0 a`, 'line 2: no such threshold'],
    ['a word that nobody knows', 'trust everybody', 'line 1: not understood'],
    ['a control character', 'quorum none\r\n', 'a control character'],
    ['too much', '#'.repeat(262_145), 'too long'],
    [
      'too many',
      Array.from(
        { length: 600 },
        (_, i) => `witness a${i} ${noteKeyText(noteKey('w', 'cosignature/v1', sha256(utf8(`${i}`))))}`,
      ).join('\n'),
      'line 257: too many',
    ],
  ])('with %s is refused', (_what, text, fault) => {
    expect(faultOf(text)).toEqual(['anchor.file_malformed', fault])
  })
})

describe.skipIf(!sharedIsHere)('known answers', () => {
  const file = 'anchor/known-answers.json'
  const vectors = sharedIsHere ? sharedJson(`vectors/${file}`) : {}
  const { holds } = knownAnswers('C2SP transparency logs')

  test('proofs of the production log of Sigstore hold', async () => {
    const { vkey, proofs } = vectors.rekorV2
    const rekor = readLogPolicy(`log ${vkey}\nquorum none\n`)
    for (const { tlogProof, leafHash, entryBase64 } of proofs) {
      expect(toHex(hashLeaf(new Uint8Array(Buffer.from(entryBase64, 'base64'))))).toBe(leafHash)
      expect(await judgeLogProof(tlogProof, fromHex(leafHash)!, rekor)).toMatchObject({
        ok: true,
        index: readLogProof(tlogProof)!.index,
      })
      expect(await judgeLogProof(tlogProof, sha256(fromHex(leafHash)!), rekor)).toEqual({
        ok: false,
        reason: 'not_included',
      })
      holds(file, `rekor ${leafHash.slice(0, 8)}`)
    }
  })

  test('the checkpoint of go.sum holds, whose origin is not the name of its key', async () => {
    const { vkey, checkpoint } = vectors.gosum
    const text = `log ${vkey}\nquorum none\n`
    const origins = { 'sum.golang.org': 'go.sum database tree' }
    expect(await judgeCheckpoint(checkpoint, readLogPolicy(text, { origins }))).toMatchObject({
      ok: true,
      checkpoint: { origin: 'go.sum database tree', size: 30_055_305 },
    })
    expect(await judgeCheckpoint(checkpoint, readLogPolicy(text))).toEqual({
      ok: false,
      reason: 'log_unknown',
    })
    holds(file, 'go.sum')
  })
})

test('a signer of notes has the key that its name and key give', () => {
  const signer = signerOfSeed(new Uint8Array(32).fill(101))
  expect(noteSigner(origin, signer).key).toEqual(noteKey(origin, 'Ed25519', signer.publicKey.bytes))
})
