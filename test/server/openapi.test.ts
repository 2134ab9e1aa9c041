import { describe, expect, test } from 'vitest'
import { memoryRegistry } from '../../src/registry/memory.ts'
import { keyAgency } from '../verify/scene.ts'
import { serverWith } from './requests.ts'

type Operation = {
  readonly operationId: string
  readonly security: readonly object[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Record<string, unknown> }> }
  readonly responses: Record<string, { readonly content: Record<string, unknown> }>
}

const server = serverWith({ issuer: { signers: [keyAgency], registry: memoryRegistry() } })
const document = (await server('/openapi.json')).json
const operations = (paths: Record<string, Record<string, Operation>>) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )

describe('the document of the API', () => {
  test('names every route that there is, and who may call it', () => {
    expect(
      operations(document.paths).map(({ path, method, security }) => [
        method,
        path,
        security.length === 1 ? 'token' : 'public',
      ]),
    ).toEqual([
      ['post', '/certificates/verify', 'public'],
      ['post', '/credentials/verify', 'public'],
      ['post', '/presentations/verify', 'public'],
      ['post', '/credentials/issue', 'token'],
      ['post', '/credentials/status', 'token'],
      ['post', '/credentials/derive', 'token'],
      ['post', '/presentations/create', 'token'],
      ['get', '/health', 'public'],
      ['get', '/openapi.json', 'public'],
    ])
  })

  test('says what is so: each route is there, takes the method and asks for a token where it says so', async () => {
    for (const { path, method, security, requestBody } of operations(document.paths)) {
      const body =
        requestBody === undefined ? {} : { body: '{}', type: Object.keys(requestBody.content)[0] as string }
      const { status } = await server(path, { method: method.toUpperCase(), ...body })
      expect([path, status]).toEqual([
        path,
        security.length === 1
          ? 401
          : requestBody !== undefined && path !== '/certificates/verify'
            ? 400
            : 200,
      ])
    }
  })

  test('has the members that OpenAPI 3.1 asks for, ids that are unique and references that lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({
      title: 'gradecert',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    const ids = operations(document.paths).map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(
      ([, pointer = '']) => pointer,
    )
    expect(references.length).toBeGreaterThan(5)
    for (const pointer of new Set(references)) {
      const found = pointer
        .slice(1)
        .split('/')
        .reduce((value, name) => value?.[name], document)
      expect(found).toMatchObject({ type: 'object' })
    }
    for (const { responses } of operations(document.paths)) {
      expect(Object.keys(responses).every((status) => /^[2-5]\d\d$/.test(status))).toBe(true)
      expect(Object.values(responses).every((one) => 'description' in one)).toBe(true)
    }
  })

  test('describes bodies by the schemas by which they are read', () => {
    const { schema } = document.paths['/credentials/status'].post.requestBody.content['application/json']
    expect(schema).toMatchObject({
      type: 'object',
      required: ['credentialId', 'credentialStatus', 'reason'],
      additionalProperties: false,
      properties: { credentialStatus: { type: 'array', minItems: 1, maxItems: 1 } },
    })
  })

  test('of a server that only verifies names no route that signs', async () => {
    const paths = Object.keys((await serverWith()('/openapi.json')).json.paths)
    expect(paths).toEqual([
      '/certificates/verify',
      '/credentials/verify',
      '/presentations/verify',
      '/health',
      '/openapi.json',
    ])
  })
})
