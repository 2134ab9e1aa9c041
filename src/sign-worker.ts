/** A thread that signs: started by a batch with the key, answers each task with its texts. */
import { parentPort, workerData } from 'node:worker_threads'
import { type SigningTask, signingFor } from './batch/signing.ts'

const sign = signingFor(workerData)
parentPort?.on('message', async (task: SigningTask) => parentPort?.postMessage(await sign(task)))
