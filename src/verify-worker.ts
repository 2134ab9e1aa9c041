/** A thread that judges: started with whom the verifier trusts and what was gathered, answers each task with its reports. */
import { workerData } from 'node:worker_threads'
import { answerTasks } from './batch/threads.ts'
import { judgingFor } from './batch/verify-batch.ts'

answerTasks(judgingFor(workerData))
