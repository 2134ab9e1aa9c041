/**
 * A `fetch` for addresses that strangers wrote: https only, names are looked up once, and the connection goes to the very
 * address that was checked, never to a private one. Redirections are handed back, not followed. No cookies, no proxy.
 */
import { lookup as systemLookup } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { Fetch } from '../base/fetch.ts'

export interface SafeFetchOptions {
  /** Whether an address may be connected to; public ones by default. */
  readonly allows?: (address: string) => boolean
  readonly lookup?: typeof systemLookup
  /** Certificates to trust in place of the system's, PEM. */
  readonly ca?: string
}

export function safeFetch({ allows = isPublic, lookup = systemLookup, ca }: SafeFetchOptions = {}): Fetch {
  return (url, { signal, headers = { accept: 'application/json' } }) =>
    new Promise((resolve, reject) => {
      const checked: typeof lookup = ((host: string, options: object, done: LookupDone) => {
        lookup(host, { ...options, all: true }, (error, addresses) => {
          if (error !== null) return done(error)
          const refused = addresses.find(({ address }) => !allows(address))
          if (refused !== undefined || addresses.length === 0) return done(new Error('address not allowed'))
          done(null, addresses)
        })
      }) as typeof lookup
      if (!url.startsWith('https:')) return reject(new TypeError('not https'))
      // An address in place of a name is never looked up, so it is checked here.
      const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !allows(host)) return reject(new Error('address not allowed'))
      const outgoing = request(
        url,
        {
          method: 'GET',
          signal,
          agent: false,
          lookup: checked,
          headers,
          ...(ca && { ca }),
        },
        (answer) => {
          const status = answer.statusCode ?? 0
          const body = hasBody(status) ? (Readable.toWeb(answer) as ReadableStream) : null
          if (body === null) answer.destroy()
          const { location } = answer.headers
          const headers = location === undefined ? {} : { location }
          resolve(new Response(body, { status: status >= 200 && status <= 599 ? status : 502, headers }))
        },
      )
      outgoing.on('error', reject)
      outgoing.end()
    })
}

/** Fetch Standard, null body status: a `Response` with a body throws for these. */
const hasBody = (status: number): boolean => ![204, 205, 304].includes(status)

type LookupDone = (error: Error | null, addresses?: readonly { address: string; family: number }[]) => void

/** RFC 6890 and its registries: what is not on the public Internet. */
const privateNets = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  privateNets.addSubnet(net, bits, 'ipv4')
}
/** Of IPv6 only 2000::/3 is given out; in it, documentation, 6to4 and Teredo carry other addresses. */
const globalIpv6 = new BlockList()
globalIpv6.addSubnet('2000::', 3, 'ipv6')
const tunnels = new BlockList()
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  tunnels.addSubnet(net, bits, 'ipv6')
}

export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !privateNets.check(address, 'ipv4')
  return family === 6 && globalIpv6.check(address, 'ipv6') && !tunnels.check(address, 'ipv6')
}
