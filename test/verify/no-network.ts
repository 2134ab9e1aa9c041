/** Imported before anything else, makes every way to the network throw, and remembers that it was tried. */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

export const tried: string[] = []

const refuse = (what: string) => () => {
  tried.push(what)
  throw new Error(`the network was touched: ${what}`)
}

net.Socket.prototype.connect = refuse('net.Socket.connect') as never
net.connect = refuse('net.connect') as never
net.createConnection = refuse('net.createConnection') as never
dns.lookup = refuse('dns.lookup') as never
dns.resolve = refuse('dns.resolve') as never
dns.promises.lookup = refuse('dns.promises.lookup') as never
globalThis.fetch = refuse('fetch') as never
syncBuiltinESMExports()

process.on('exit', () => {
  if (tried.length > 0) process.exitCode = 99
})
