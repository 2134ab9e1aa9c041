/** Reads the body of a request within bounds, and what a route expects of it. */
import type * as z from 'zod/mini'
import { type Bytes, concat } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/json.ts'
import type { Call } from './answer.ts'
import { httpProblem, malformedValue, ProblemError, parsingError } from './problem.ts'

/** The type of the body, which has to be one of those given. @throws ProblemError 415 */
export function mediaTypeOf(request: Request, accepted: readonly string[]): string {
  const [essence = '', ...parameters] = (request.headers.get('content-type') ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const charset = parameters.find((one) => one.startsWith('charset='))?.slice('charset='.length)
  const isUtf8 = charset === undefined || charset.replaceAll('"', '') === 'utf-8'
  if (accepted.includes(essence) && isUtf8 && !isEncoded(request)) return essence
  throw new ProblemError(httpProblem(415, `Send UTF-8 as one of: ${accepted.join(', ')}.`), {
    'accept-post': accepted.join(', '),
  })
}

/** A compressed body could be far larger than its bytes. */
const isEncoded = ({ headers }: Request): boolean =>
  !['', 'identity'].includes((headers.get('content-encoding') ?? '').trim().toLowerCase())

/** The whole body. @throws ProblemError 413 beyond `limit` bytes, 400 where it breaks off */
export async function readBody(request: Request, limit: number): Promise<Bytes> {
  const tooLarge = () => new ProblemError(httpProblem(413, `The body has more than ${limit} bytes.`))
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge()
  const parts: Bytes[] = []
  let length = 0
  const reader = request.body?.getReader()
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      length += read.value.length
      if (length > limit) break
      parts.push(new Uint8Array(read.value))
    }
  } catch {
    throw new ProblemError(parsingError('The body broke off.', 'body_incomplete'))
  }
  if (length > limit) {
    await reader?.cancel().catch(() => {}) // whoever sends may be gone
    throw tooLarge()
  }
  return concat(...parts)
}

/** The body as JSON of any shape. @throws ProblemError 400 */
export function jsonOf({ body }: Call): Json {
  const parsed = parseJson(body, { maxBytes: body.length })
  if (!parsed.ok) throw new ProblemError(parsingError(parsed.detail, parsed.fault))
  return parsed.value
}

/** A value of the shape that the route expects. @throws ProblemError 400 with where it differs */
export function shaped<T>(value: Json, schema: z.ZodMiniType<T>): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const pointer = (issue?.path ?? []).map((step) => `/${escaped(String(step))}`).join('')
  throw new ProblemError(
    malformedValue(`${pointer || 'The body'}: ${issue?.message ?? 'malformed'}`, { pointer }),
  )
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
