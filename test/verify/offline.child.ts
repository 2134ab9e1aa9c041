/** Verifies what comes on standard input and prints the outcome of each check; run with `--import ./no-network.ts`. */
import { text } from 'node:stream/consumers'
import type { VerifyOptions } from '../../src/verify/verify.ts'
import { verify } from '../../src/verify/verify.ts'
import { tried } from './no-network.ts'

const scenes = JSON.parse(await text(process.stdin)) as readonly { text: string; options: VerifyOptions }[]
const verdicts = []
for (const scene of scenes) verdicts.push((await verify(scene.text, scene.options)).verdict)
console.log(JSON.stringify({ verdicts, tried }))
