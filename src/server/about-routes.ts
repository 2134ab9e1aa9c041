/** Routes about the server itself: whether it works, and what it can do. */
import { version } from '../base/version.ts'
import type { Registry } from '../registry/registry.ts'
import { jsonAnswer } from './answer.ts'
import { openApiDocument } from './openapi.ts'
import type { Route } from './route.ts'

/** Beside other routes, which the document of the API lists together with these. */
export function aboutRoutes(others: readonly Route[], registry: Registry | undefined): readonly Route[] {
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/health',
      operationId: 'getHealth',
      summary: 'Whether the server works, and the registry behind it where there is one.',
      access: 'public',
      answers: { 200: 'It does.', 503: 'The registry does not answer.' },
      async handle() {
        const answers = registry === undefined || (await doesAnswer(registry))
        return jsonAnswer(answers ? 200 : 503, {
          status: answers ? 'ok' : 'unavailable',
          version,
          ...(registry !== undefined && { registry: answers ? 'ok' : 'unavailable' }),
        })
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This document.',
      access: 'public',
      answers: { 200: 'OpenAPI 3.1.' },
      handle: async () => jsonAnswer(200, document()),
    },
  ]
  const document = () => openApiDocument([...others, ...routes])
  return routes
}

async function doesAnswer(registry: Registry): Promise<boolean> {
  try {
    await registry.findByNumber('health')
    return true
  } catch {
    return false
  }
}
