/** The server as a function from request to response. It runs wherever `Request` and `Response` do; Node is nowhere needed. */
import { Hono } from 'hono'
import { toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { type Random, systemRandom } from '../issue/random.ts'
import { aboutRoutes } from './about-routes.ts'
import type { Answer, Call } from './answer.ts'
import { mediaTypeOf, readBody } from './body.ts'
import { issueRoutes, type ServerIssuer } from './issue-routes.ts'
import { type Judging, judgesWith } from './judges.ts'
import { answerToError, httpProblem, ProblemError } from './problem.ts'
import type { Route } from './route.ts'
import { type Site, siteAnswer } from './site-route.ts'
import { authorisation, type Tokens } from './tokens.ts'
import { verifyRoutes } from './verify-routes.ts'

export interface AppOptions extends Judging {
  /** Who issues here; without one there are no routes that sign. */
  readonly issuer?: ServerIssuer | undefined
  /** The moment of a request; the system's by default. */
  readonly clock?: (() => Instant) | undefined
  /** What is published; nothing by default. */
  readonly site?: Site | undefined
  /** Who may call the routes that sign; `'open'` is everybody. */
  readonly tokens: Tokens
  /** Where ids come from; the system by default. */
  readonly random?: Random | undefined
  /** Takes one line of JSON for each request, with nothing of what was in it. */
  readonly log?: ((line: string) => void) | undefined
  /** Bytes of a request's body: 1 MiB by default, 16 MiB at most. */
  readonly bodyLimit?: number | undefined
  /** Milliseconds on a stopwatch, for the log. */
  readonly stopwatch?: (() => number) | undefined
}

export interface App {
  readonly fetch: (request: Request) => Promise<Response>
}

const defaultBodyLimit = 1_048_576
const greatestBodyLimit = 16_777_216

/**
 * Makes the server.
 *
 * @throws `server.body_limit_malformed`, `server.token_malformed`
 * @example
 * const { fetch } = createApp({ trust: readTrust(trustText), evidence: readEvidence(evidenceText), tokens: [] })
 * export default { fetch }
 */
export function createApp(options: AppOptions): App {
  const { bodyLimit = defaultBodyLimit } = options
  if (!Number.isInteger(bodyLimit) || bodyLimit < 1 || bodyLimit > greatestBodyLimit) {
    throw new CertificateError('server.body_limit_malformed', { bodyLimit })
  }
  const { issuer, trust, evidence, policy, chains, fetch, random = systemRandom } = options
  const acting = [
    ...verifyRoutes(judgesWith({ trust, evidence, policy, chains, fetch })), // not the tokens: only their digests are kept
    ...(issuer === undefined ? [] : issueRoutes({ issuer, evidence, random })),
  ]
  const routes = [...acting, ...aboutRoutes(acting, issuer?.registry)]
  const respond = responder(options, bodyLimit)
  const hono = new Hono()
  for (const path of new Set(routes.map((route) => route.path))) {
    const rows = routes.filter((route) => route.path === path)
    hono.all(path, ({ req }) => respond(req.raw, path, rows))
  }
  hono.all(anyPath, ({ req }) => respond(req.raw, anyPath, siteRoutes(options.site)))
  return { fetch: async (request) => hono.fetch(request) }
}

const anyPath = '*'

/** Any other path is one of the site's, or of nobody's. */
const siteRoutes = (site: Site = async () => null): readonly Route[] => [
  {
    method: 'GET',
    path: anyPath,
    operationId: 'getPublished',
    summary: 'What the agency publishes.',
    access: 'public',
    answers: {},
    handle: (call) => siteAnswer(call, site),
  },
]

type Respond = (request: Request, path: string, rows: readonly Route[]) => Promise<Response>

function responder(options: AppOptions, bodyLimit: number): Respond {
  const {
    clock = () => instantAt(Date.now()),
    log = () => {},
    random = systemRandom,
    stopwatch = () => performance.now(),
  } = options
  const authorise = authorisation(options.tokens)
  let count = 0
  return async (request, path, rows) => {
    const started = stopwatch()
    const id = toHex(random(`request/${count++}`).slice(0, 16))
    const now = clock()
    const { answer, fault } = await answerTo(request, rows, { now, id, bodyLimit, authorise })
    const { status, body } = answer
    const milliseconds = Math.round((stopwatch() - started) * 10) / 10
    const method = methods.has(request.method) ? request.method : 'other'
    log(
      JSON.stringify({
        time: now,
        request: id,
        method,
        route: path,
        status,
        milliseconds,
        bytes: body.length,
        ...(fault !== undefined && { fault }),
      }),
    )
    return responseOf(answer, { id, isPublic: rows.every(({ access }) => access === 'public') })
  }
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

interface Handling {
  readonly now: Instant
  readonly id: string
  readonly bodyLimit: number
  readonly authorise: (request: Request) => void
}

/** Never throws: whatever happens below becomes an answer. */
async function answerTo(
  request: Request,
  rows: readonly Route[],
  { now, id, bodyLimit, authorise }: Handling,
): Promise<{ readonly answer: Answer; readonly fault?: string }> {
  try {
    const wanted = request.method === 'HEAD' ? 'GET' : request.method
    const allow = allowed(rows)
    if (wanted === 'OPTIONS') return { answer: preflight(allow) }
    const route = rows.find(({ method }) => method === wanted)
    if (route === undefined && rows.some(({ path }) => path === anyPath)) {
      throw new ProblemError(httpProblem(404, 'There is no such route.'))
    }
    if (route === undefined) {
      throw new ProblemError(httpProblem(405, `This route takes ${allow}.`), { allow })
    }
    if (route.access === 'token') authorise(request)
    const mediaType = route.body === undefined ? '' : mediaTypeOf(request, route.body.mediaTypes)
    const body = route.body === undefined ? new Uint8Array() : await readBody(request, bodyLimit)
    const call: Call = { request, mediaType, body, now, id }
    return { answer: await route.handle(call) }
  } catch (error) {
    return answerToError(error)
  }
}

const allowed = (rows: readonly Route[]): string =>
  [...rows.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ')

const preflight = (allow: string): Answer => ({
  status: 204,
  mediaType: '',
  body: new Uint8Array(),
  headers: { allow },
})

/** Public routes may be called from any page, without what the browser knows of its user; the others from none. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers': 'content-type',
  'access-control-expose-headers': 'etag, x-request-id',
  'access-control-max-age': '600',
}

function responseOf(
  { status, mediaType, body, headers }: Answer,
  { id, isPublic }: { readonly id: string; readonly isPublic: boolean },
): Response {
  const isEmpty = status === 204 || status === 304
  return new Response(isEmpty ? null : body, {
    status,
    headers: {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-request-id': id,
      ...(!isEmpty && { 'content-type': mediaType, 'content-length': String(body.length) }),
      ...(isPublic && corsHeaders),
      ...headers,
    },
  })
}
