/** One row of the table of routes: what a path takes, what it answers, who may call it. The document of the API is made of these. */
import type * as z from 'zod/mini'
import type { Answer, Call } from './answer.ts'
import { jsonOf, shaped } from './body.ts'

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly operationId: string
  readonly summary: string
  /** `public` routes may be called from any page; `token` routes need a bearer token. */
  readonly access: 'public' | 'token'
  readonly body?: RouteBody
  /** What each status means. */
  readonly answers: Readonly<Record<number, string>>
  readonly handle: (call: Call) => Promise<Answer>
}

export interface RouteBody {
  readonly mediaTypes: readonly string[]
  /** Of a JSON body; without one the body is a certificate in a form of its own. */
  readonly schema?: z.ZodMiniType
}

/** The members of a route whose body is JSON of one shape. */
export function takes<T>(
  schema: z.ZodMiniType<T>,
  handle: (input: T, call: Call) => Promise<Answer>,
): Pick<Route, 'body' | 'handle'> {
  return {
    body: { mediaTypes: ['application/json'], schema },
    handle: async (call) => handle(shaped(jsonOf(call), schema), call),
  }
}
