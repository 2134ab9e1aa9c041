/** The requirements that are claimed, by the numbers that titles of tests name, and those that are not, with the reason. */

/** What a requirement asks, in a few words; where it is not claimed, with the reason. */
export type Requirement = string | { readonly asks: string; readonly notClaimed: string }

export interface Section {
  readonly standard: string
  /** What stands before the number: `BSL` for `BSL-7`. Traps, which cross all standards, are named `trap 38`. */
  readonly prefix: string
  readonly requirements: Readonly<Record<number, Requirement>>
}

export const sections: readonly Section[] = [
  {
    standard: 'Verifiable Credentials Data Model 2.0',
    prefix: 'VCDM',
    requirements: {
      1: '@context is a list that begins with the context of version 2',
      2: 'type is there, names the kind of document, and each type has a URL',
      3: 'status, schema, evidence, proof and the like have a type',
      4: 'an id is one URL',
      5: 'one issuer, a URL or an object with one',
      6: 'one or more subjects, each with a claim',
      7: 'validFrom and validUntil are dateTimeStamps in order',
      8: 'credentialSchema has id and type, credentialStatus a type',
      9: 'name and description are texts or language objects',
      10: 'relatedResource names each resource once, with a digest',
      11: 'a related resource that is used has that digest',
      12: 'every term has a URL by way of the contexts',
      13: 'nothing of version 1.1 beside the context of version 2',
      14: 'a presentation holds objects; a self-asserted credential needs its holder',
      15: 'enveloped credentials and presentations are data: URLs of known media types',
      16: 'what is not secured is refused',
      17: 'the answer holds what was secured, and its errors by code',
      18: 'verification and validation are told apart',
      19: 'an error of JSON-LD is a failure',
    },
  },
  {
    standard: 'dateTimeStamp (XML Schema 1.1)',
    prefix: 'TIME',
    requirements: {
      1: 'we write UTC and whole seconds',
      2: 'a value without offset is malformed',
      3: 'the day exists',
      4: 'no leap seconds; 24:00:00 is the next day',
      5: 'not what Date.parse takes; moments are compared, not texts',
    },
  },
  {
    standard: 'Controlled Identifiers 1.0',
    prefix: 'CID',
    requirements: {
      1: 'a document is about the URL that it came from',
      2: 'a method has one type, one controller and one material',
      3: 'a key that expired or was revoked does not count from then on',
      4: 'Multikey and JsonWebKey, without secret members',
      5: 'a verification method is retrieved in nine steps',
      6: 'an embedded method counts for its relationship alone',
      7: 'one fragment twice is refused',
    },
  },
  {
    standard: 'Data Integrity 1.0',
    prefix: 'DI',
    requirements: {
      1: 'a proof has type, cryptosuite and proofValue',
      2: 'a proof has proofPurpose and verificationMethod',
      3: 'created and expires are dateTimeStamps and are held to',
      4: 'domain, challenge, nonce, previousProof and id have their types',
      5: 'what is missing or differs from what is expected is refused before any arithmetic',
      6: 'assertionMethod for credentials; authentication and a challenge for presentations',
      7: 'the method belongs to issuer or holder and may be used for the purpose',
      8: 'the answer holds the document that was verified',
      9: 'contexts are known ones, by digest, and stand at the top alone',
      10: 'data that JSON-LD would lose is an error',
      11: {
        asks: 'the context of Data Integrity is put in where its terms are not mapped',
        notClaimed: 'nothing is put in: a document whose contexts do not define the proof is refused (DI-10)',
      },
      12: 'a document without contexts may be signed with JCS alone',
      13: {
        asks: 'digestMultibase may stand in any object with an id',
        notClaimed: 'a permission; it is checked in relatedResource alone (VCDM-10, VCDM-11)',
      },
      20: 'proofs are a set: each is over the document without proofs',
      21: 'with previousProof the earlier proofs are signed as a list',
      22: 'without it no proof member is hashed; under JCS the order is that of the document',
      23: 'missing, doubled, circular and non-text predecessors are refused',
      24: 'an empty list, null and text are no proof',
      25: 'of a set every proof of a known suite has to hold; others are named',
    },
  },
  {
    standard: 'Data Integrity EdDSA Cryptosuites 1.0',
    prefix: 'ED',
    requirements: {
      1: 'proofValue is z and 64 bytes',
      2: 'the key is an Ed25519 Multikey',
      3: 'created is a moment, when signing and when verifying',
      4: 'type and cryptosuite both match',
      5: 'one context as text equals a list of one, and is hashed as it stands',
    },
  },
  {
    standard: 'Data Integrity ECDSA Cryptosuites 1.0',
    prefix: 'EC',
    requirements: {
      1: 'the curve decides the hash: SHA-256 or SHA-384',
      2: 'under P-384 the canonical form uses SHA-384 too',
      3: 'a signature is r and s, never DER; a high s counts',
      4: 'signing is deterministic (RFC 6979)',
      5: 'a key is a compressed point on its curve',
      6: 'ecdsa-sd-2023: base and derived proofs',
    },
  },
  {
    standard: 'RFC 8785 (JCS)',
    prefix: 'JCS',
    requirements: {
      1: 'the canonical text, byte for byte',
      2: 'only what a strict parser read is canonicalised',
    },
  },
  {
    standard: 'RDF Dataset Canonicalization 1.0',
    prefix: 'RDFC',
    requirements: {
      1: 'canonical N-Quads with a line break at the end',
      2: 'poison graphs are stopped',
    },
  },
  {
    standard: 'Bitstring Status List 1.0',
    prefix: 'BSL',
    requirements: {
      1: 'shape of an entry: purpose, index as text, URL of the list',
      2: 'the id of an entry is not the list, and decides nothing',
      3: {
        asks: 'several bits to an entry, with a message for each value',
        notClaimed: 'one bit to an entry; another statusSize is refused as malformed',
      },
      4: 'indexes are allotted at random',
      5: 'a list is a credential of its own type',
      6: 'u, base64url, gzip',
      7: 'at least 131 072 entries',
      8: 'bit 0 is leftmost',
      9: { asks: 'several bits to an entry are read from the left', notClaimed: 'see BSL-3' },
      10: {
        asks: 'ttl, in milliseconds',
        notClaimed: 'neither written nor read: a list counts until its validUntil',
      },
      11: 'the list is by the issuer of the credential',
      12: 'the id of a list is the URL that the entry names',
      13: 'a set bit means what its purpose says; not found out is not valid',
      14: {
        asks: 'StatusList2021 by option',
        notClaimed: 'not read: such an entry is reported as unchecked',
      },
      15: 'expansion is bounded',
    },
  },
  {
    standard: 'Securing Verifiable Credentials using JOSE and COSE',
    prefix: 'JC',
    requirements: {
      1: 'the payload is the credential; claims vc and vp are refused',
      2: 'typ and cty',
      3: 'alg none is refused',
      4: 'kid names the key; iss, sub and jti agree with the credential',
      5: 'iat and exp are about the signature and are enforced',
      6: 'keys from JsonWebKey and from Multikey',
      7: 'compact form; unknown members pass, crit does not',
      8: 'credentials in a presentation are enveloped and verified one by one',
      9: {
        asks: 'a credential of this model as an SD-JWT',
        notClaimed: 'SD-JWT VC (dc+sd-jwt) is read; vc+sd-jwt of this standard is not',
      },
      10: { asks: 'COSE_Sign1', notClaimed: 'COSE is not read: such an envelope is named as unsupported' },
      11: 'ES256, ES384 and EdDSA',
      12: 'an unknown schema or status is reported as unchecked',
    },
  },
  {
    standard: 'RFC 9901 (SD-JWT)',
    prefix: 'SD',
    requirements: {
      1: 'a JWT, disclosures, and an optional key binding',
      2: 'disclosures are digested as received',
      3: 'doubled digests, orphans, reserved names and wrong shapes are refused',
      4: 'none is refused; dates are read after unpacking',
      5: 'key binding: typ, iat, aud, nonce, sd_hash',
    },
  },
  {
    standard: 'SD-JWT VC (draft 19)',
    prefix: 'SDVC',
    requirements: {
      1: 'typ is dc+sd-jwt; the old one by option',
      2: 'vct is there; what may not be hidden is not',
      3: 'cnf for key binding',
      4: 'keys from the metadata of the issuer, x5c, or a DID',
      5: 'what is fetched is https, bounded, and without unchecked redirects',
      6: 'type metadata',
      7: { asks: 'SVG templates', notClaimed: 'nothing is drawn from a template of a credential' },
      8: 'a status list token is a JWT',
      9: 'not a credential of the W3C model',
    },
  },
  {
    standard: 'Token Status List (draft 20)',
    prefix: 'TSL',
    requirements: {
      1: 'the token that refers is validated first',
      2: {
        asks: 'the media type of the list is asked for',
        notClaimed: 'lists are handed in, or fetched by the caller’s fetch, which decides its headers',
      },
      3: 'exp is held to',
      4: 'an index outside the list is refused',
      5: { asks: 'history by ?time=', notClaimed: 'the status now is judged; no history is asked for' },
      6: 'redirects do not loop',
    },
  },
  {
    standard: 'did:key',
    prefix: 'KEY',
    requirements: {
      1: 'z only, no version',
      2: 'length and point by codec',
      3: 'the document: one Multikey, four relationships',
      4: 'no key for encryption is derived',
      5: 'the fragment is the body',
      6: 'older documents give the same key',
    },
  },
  {
    standard: 'did:webvh 1.0',
    prefix: 'WVH',
    requirements: {
      1: 'every entry is checked',
      2: 'the SCID is the hash of the first entry',
      3: 'entry hashes chain; numbers count up from 1',
      4: 'times increase and are not ahead',
      5: 'an active update key signs with eddsa-jcs-2022',
      6: 'pre-rotation',
      7: 'method, scid and portable; the SCID never changes',
      8: 'witnesses',
      9: 'an entry speaks of the DID; an ended one has no document',
    },
  },
  {
    standard: 'Open Badges 3.0',
    prefix: 'OB',
    requirements: {
      1: 'what every badge has',
      2: 'one subject, one achievement',
      3: 'an achievement and its criteria',
      4: 'alignments name their target',
      5: 'descriptions of results',
      6: 'results of kinds that the achievement describes',
      7: 'identity objects',
      8: {
        asks: 'images',
        notClaimed: 'our badges have none, and none is shown',
      },
      9: { asks: 'endorsements', notClaimed: 'none are made or judged' },
      10: 'no nulls, no empty lists, lists where several may stand',
      11: 'credentialSchema of Open Badges',
      12: {
        asks: 'the order of verification, with refresh and endorsements',
        notClaimed: 'nothing is refreshed; every check is made and reported by itself',
      },
      13: { asks: 'when two badges are the same', notClaimed: 'badges are not merged' },
      14: 'the badge as a JWT of its own kind',
      15: 'eddsa-rdfc-2022, under a key of the issuer',
      16: 'credentials are baked into PNG and SVG pictures, and read from them',
      17: 'the context in two versions under one URL',
    },
  },
  {
    standard: 'VC JSON Schema',
    prefix: 'JS',
    requirements: {
      1: 'JsonSchema and JsonSchemaCredential',
      2: '2020-12; success, failure or indeterminate; digests first',
    },
  },
  {
    standard: 'Traps',
    prefix: 'trap',
    requirements: {
      1: 'undefined terms under RDFC',
      2: 'swapped contexts under RDFC',
      3: 'contexts in JCS proofs',
      4: 'the wrong thing or order hashed',
      5: 'the datatype of the literal cryptosuite',
      6: 'P-384 and RDFC',
      7: 'a list in place of its member',
      8: 'proofs of nested objects',
      9: 'no proofs at all',
      10: 'sets and chains',
      11: 'verified, then parsed again',
      12: 'texts, images and schemas of a stranger are not fetched or run',
      13: 'names twice',
      14: 'numbers',
      15: 'lone surrogates, invalid UTF-8, byte order marks',
      16: 'Unicode is not normalised',
      17: '__proto__ and its like',
      18: 'what is no plain JSON',
      19: 'depth, size and work are bounded',
      20: 'what Ed25519 accepts',
      21: 'S and S + L',
      22: 'ECDSA signatures are malleable',
      23: 'points of P-256 and P-384',
      24: 'a key taken from the fragment of a URL',
      25: 'a key that the token brings along',
      26: 'the key of another, or for another purpose',
      27: 'confused algorithms',
      28: 'kid',
      29: 'base58',
      30: 'base64url',
      31: 'multicodec headers',
      32: 'when a key counted',
      33: 'presentations that are shown again',
      34: 'one purpose for another',
      35: 'clocks',
      36: 'seconds and milliseconds',
      37: 'iat in words',
      38: 'lists that expand',
      39: 'the order of bits',
      40: 'indexes',
      41: 'purposes of lists, several entries, lists with a status',
      42: 'failing open; older lists',
      43: 'what lists and requests give away',
      44: 'requests to inner addresses',
      45: 'names of did:web',
      46: 'documents of another',
      47: 'contexts from the network',
      48: 'hostile schemas',
      49: { asks: 'caches of resolvers', notClaimed: 'nothing that was resolved is kept between calls' },
      50: 'what was not checked is visible',
      51: 'valid is not recognised',
      52: 'results that name only one thing',
    },
  },
]

/** Every requirement in the form that titles use. */
export const requirements: ReadonlyMap<string, Requirement> = new Map(
  sections.flatMap(({ prefix, requirements }) =>
    Object.entries(requirements).map(
      ([number, requirement]) => [requirementName(prefix, Number(number)), requirement] as const,
    ),
  ),
)

/**
 * The requirements that source text of a test names: those before the colon at the start of a text, as in
 * `'DI-20, DI-21: …'`, `'VCDM-1 to VCDM-13: …'` or `'JC-5, trap 37: …'`.
 */
export function requirementsNamed(source: string): readonly string[] {
  return [...source.matchAll(titles)].flatMap(([, list]) => list!.split(', ').flatMap(range))
}

const name = String.raw`(?:[A-Z]{2,4}-\d+|traps? \d+)`
const titles = new RegExp(
  String.raw`(?<=['"\x60])(${name}(?: to ${name})?(?:, ${name}(?: to ${name})?)*)(?=: | %s: )`,
  'g',
)

function range(text: string): readonly string[] {
  const [first, last = first] = text.split(' to ').map((end) => end.split(/[- ]/) as [string, string])
  const [prefix, from] = first!
  return Array.from({ length: Number(last![1]) - Number(from) + 1 }, (_, n) =>
    requirementName(prefix, Number(from) + n),
  )
}

/** `BSL-7`, `trap 38`. */
export function requirementName(prefix: string, number: number): string {
  return `${prefix}${prefix === 'trap' ? ' ' : '-'}${number}`
}
