/** Anchors certificates in a log, and finds offline by when they were there. One witness, in this very program. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSigner } from 'gradecert'
import { buildBatch, bundleText, existedBy, readChains, subjectsOf, verifyAnchors } from 'gradecert/anchor'
import {
  createLog,
  createWitness,
  createWitnessApp,
  logSubmitter,
  readLogPolicy,
  vkeyOf,
  witnessFolderState,
} from 'gradecert/anchor/log'

const folder = await mkdtemp(join(tmpdir(), 'gradecert-example-'))
const log = await createLog(join(folder, 'log'), { origin: 'log.example', signer: await generateSigner() })
const witness = await createWitness(folder, { name: 'witness.example', signer: await generateSigner() })
const policyText = `log ${vkeyOf(log.signer)}\nwitness w ${vkeyOf(witness)}\nquorum w\n`
const app = createWitnessApp({
  logs: [log.signer.key],
  signers: [witness],
  state: witnessFolderState(folder),
  now: () => Math.floor(Date.now() / 1000),
})

// Any signed text will do: a badge, a JWT, an SD-JWT.
const texts = ['eyJhbGciOiJub25lIn0.e30.AA', 'eyJhbGciOiJub25lIn0.e30.AQ']
const { commitment, members } = buildBatch(texts.flatMap(subjectsOf))

const submitter = logSubmitter({
  log,
  policy: readLogPolicy(policyText),
  witnesses: ['https://witness.example'],
  fetch: (url, options) => app.fetch(new Request(url, options)),
})
let step = await submitter.advance(submitter.start(commitment))
while (step.is === 'working') step = await submitter.advance(step.receipt)
if (step.is !== 'final') throw new Error(`waits for ${step.for}`)

const [first] = members
const bundle = bundleText({ ...first!, anchors: [step.anchor] })
const chains = await readChains(JSON.stringify({ type: 'AnchorTrust', version: 1, tlog: policyText }))
console.log('there no later than', existedBy(await verifyAnchors(texts[0]!, bundle, { chains })))
await rm(folder, { recursive: true })
