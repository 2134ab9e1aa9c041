/** The document of the API (OpenAPI 3.1), made of the table of routes. */
import * as z from 'zod/mini'
import { version } from '../base/version.ts'
import type { Route, RouteBody } from './route.ts'

/** Describes the routes that this server has. */
export function openApiDocument(routes: readonly Route[]): object {
  const paths = [...new Set(routes.map(({ path }) => path))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'gradecert',
      version,
      summary: 'Issues and verifies professional technical grade certificates; speaks the VC-API.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      paths.map((path) => [
        path,
        Object.fromEntries(
          routes
            .filter((route) => route.path === path)
            .map((route) => [route.method.toLowerCase(), operation(route)]),
        ),
      ]),
    ),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problemSchema },
    },
  }
}

function operation({ operationId, summary, access, body, answers }: Route): object {
  return {
    operationId,
    summary,
    security: access === 'token' ? [{ bearer: [] }] : [],
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body) } }),
    responses: Object.fromEntries(
      Object.entries({ ...answers, ...commonAnswers(access, body) }).map(([status, description]) => [
        status,
        { description, content: Number(status) < 400 ? jsonContent : problemContent },
      ]),
    ),
  }
}

/** What any route may answer beside its own. */
const commonAnswers = (
  access: Route['access'],
  body: RouteBody | undefined,
): Readonly<Record<number, string>> => ({
  ...(access === 'token' && { 401: 'There is no bearer token, or one that is not known.' }),
  ...(body !== undefined && { 413: 'The body is too large.', 415: 'The body is of another media type.' }),
})

function contentOf({ mediaTypes, schema }: RouteBody): object {
  const isText = (type: string) => /jwt$/.test(type)
  return Object.fromEntries(
    mediaTypes.map((type) => [
      type,
      { schema: schema === undefined ? { type: isText(type) ? 'string' : 'object' } : bodySchema(schema) },
    ]),
  )
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is. */
function bodySchema(schema: z.ZodMiniType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}

const problemSchema = {
  description: 'RFC 9457; members beside these depend on the type.',
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
  },
}

const jsonContent = { 'application/json': { schema: { type: 'object' } } }
const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
