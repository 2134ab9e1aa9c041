/** A thread that signs: started by a batch with the key, answers each task with its texts. */
import { workerData } from 'node:worker_threads'
import { signingFor } from './batch/signing.ts'
import { answerTasks } from './batch/threads.ts'

answerTasks(signingFor(workerData))
