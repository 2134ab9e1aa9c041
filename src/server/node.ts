/** Puts the server behind a socket of Node's, with bounds in time, and takes it away without cutting anybody off. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { CertificateError } from '../base/errors.ts'
import type { App } from './app.ts'
import { httpProblem } from './problem.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** PEM; without it connections are not encrypted. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** Milliseconds that requests in flight have to end when the server stops: 10,000 by default. */
  readonly grace?: number | undefined
}

export interface Listening {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Takes no more connections, lets requests in flight end within the grace, then closes what is left. */
  stop(): Promise<void>
}

/** Milliseconds: whoever sends slower than this holds a connection for nothing. */
const headersTimeout = 10_000
const requestTimeout = 30_000
const keepAliveTimeout = 5_000
const connectionLimit = 1_024

/** @throws `server.cannot_listen`, `server.tls_malformed` */
export async function listen(
  app: App,
  { host, port, tls, grace = 10_000 }: ListenOptions,
): Promise<Listening> {
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => badRequest(),
  })
  const server = serverOf(tls)
  server.maxConnections = connectionLimit
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  let inFlight = 0
  let isStopping = false
  /** What is kept alive, and what never asked anything, would outlive the server. */
  const endWhatIsLeft = () => {
    if (isStopping && inFlight === 0) for (const socket of connections) socket.destroy()
  }
  server.on('request', (request, response) => {
    inFlight++
    response.once('close', () => {
      inFlight--
      endWhatIsLeft()
    })
    return listener(request, response)
  })
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const what = (cause as { code?: string }).code ?? 'error'
    throw new CertificateError('server.cannot_listen', { host, port, what }, { cause })
  }
  const { port: chosen } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${name}:${chosen}`,
    host,
    port: chosen,
    async stop() {
      isStopping = true
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      endWhatIsLeft()
      const timer = setTimeout(() => {
        for (const socket of connections) socket.destroy()
      }, grace)
      await closed
      clearTimeout(timer)
    },
  }
}

function serverOf(tls: ListenOptions['tls']): Server {
  const limits = { headersTimeout, requestTimeout, keepAliveTimeout, connectionsCheckingInterval: 1_000 }
  if (tls === undefined) return createServer(limits)
  try {
    new X509Certificate(tls.cert) // an empty text would be taken for none
    return createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' })
  } catch (cause) {
    throw new CertificateError('server.tls_malformed', {}, { cause })
  }
}

/** What cannot even be made a request of: a host or a target that is none. */
const badRequest = (): Response =>
  new Response(JSON.stringify(httpProblem(400, 'The host or the target is none.')), {
    status: 400,
    headers: { 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' },
  })
