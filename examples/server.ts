/** The HTTP face as a function from request to response: the same at the edge, in Node, in a test. */
import { generateSigner, type Instant } from 'gradecert'
import { createApp } from 'gradecert/server'

const signer = await generateSigner()
const token = 'a-long-random-text-that-only-the-back-office-knows'
const app = createApp({
  issuer: { signers: [signer] },
  tokens: [token],
  clock: () => `${new Date().toISOString().slice(0, 19)}Z` as Instant,
})

const post = (path: string, body: unknown, headers = {}) =>
  app.fetch(
    new Request(`https://vc.agency.example${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )

const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: signer.controller,
  credentialSubject: { id: 'did:example:subject' },
}
const refused = await post('/credentials/issue', { credential })
if (refused.status !== 401) throw new Error(`expected 401, got ${refused.status}`)

const issued = await post('/credentials/issue', { credential }, { authorization: `Bearer ${token}` })
const { verifiableCredential } = (await issued.json()) as { verifiableCredential: object }
const verified = await post('/credentials/verify', { verifiableCredential })
const answer = (await verified.json()) as { verified: boolean }
if (!answer.verified) throw new Error(JSON.stringify(answer))
console.log(issued.status, verified.status, answer.verified)
