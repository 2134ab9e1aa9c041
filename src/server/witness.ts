/** A witness over HTTP (c2sp.org/tlog-witness): one route, and nothing said of what is kept. */
import { addCheckpoint, type WitnessOptions, witnessRequestLimit } from '../anchor/witness.ts'
import type { App } from './app.ts'
import { readBody } from './body.ts'
import { ProblemError } from './problem.ts'

/** @param options.log takes one line of JSON for each request */
export function createWitnessApp(
  options: WitnessOptions & { readonly log?: ((line: string) => void) | undefined },
): App {
  const answerTo = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname.replace(/\/+$/, '').split('/').at(-1) !== 'add-checkpoint')
      return plain(404, 'not found')
    if (request.method !== 'POST') return plain(405, 'POST')
    const body = await readBody(request, witnessRequestLimit)
    const { status, type, body: text } = await addCheckpoint(body, options)
    return new Response(text, { status, headers: { 'content-type': type } })
  }
  return {
    async fetch(request) {
      // Whatever goes wrong, no signature leaves.
      const response = await answerTo(request).catch((error: unknown) =>
        error instanceof ProblemError ? plain(413, 'too large') : plain(500, 'try again later'),
      )
      options.log?.(JSON.stringify({ method: request.method, status: response.status }))
      return response
    },
  }
}

const plain = (status: number, text: string): Response =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
