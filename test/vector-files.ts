/** Every file of the published vectors: which test runs it, or why none does. The first rule that fits counts. */
import { readdirSync } from 'node:fs'
import { sharedPath } from './shared.ts'

interface Rule {
  /** Matched against the path below the folder of the vectors. */
  readonly files: RegExp
  /** The test that compares the file, or reads it as a key or an input; below `test/`. */
  readonly test?: string
  readonly notRun?: string
}

export const vectorFiles: readonly Rule[] = [
  {
    files: /^README\.md$|SOURCE\.txt$|LICEN[CS]E\.md$|\/README\.md$/,
    notRun: 'says where the vectors are from',
  },
  { files: /^anchor\//, test: 'anchor/timestamp.test.ts' },

  { files: /^json\/i_results_node\.json$/, notRun: 'what JSON.parse of one runtime does; not an answer' },
  { files: /^json\//, test: 'base/json.test.ts' },
  { files: /^jcs\//, test: 'base/canonical.test.ts' },
  { files: /^rdf-canon\/(manifest\.jsonld$|rdfc10\/)/, test: 'securing/rdfc-vectors.test.ts' },
  { files: /^rdf-canon\//, notRun: 'the manifest in other forms, and its vocabulary' },

  {
    files: /^ed25519\/library-matrix\.json$/,
    notRun: 'what other libraries do with speccheck; not an answer',
  },
  { files: /^ed25519\/speccheck\/(?!cases\.json)/, notRun: 'its text and what its authors’ program prints' },
  { files: /^ed25519\//, test: 'key/ed25519.test.ts' },
  { files: /^ecdsa\//, test: 'key/ecdsa.test.ts' },
  { files: /^jws\//, test: 'securing/jws.test.ts' },
  { files: /^multikey\//, test: 'key/public-key.test.ts' },
  { files: /^multicodec\//, notRun: 'the whole table of codes; those of keys are in multikey/headers.json' },

  { files: /^cid\//, test: 'did/document.test.ts' },
  { files: /^did-key\//, test: 'did/key.test.ts' },
  { files: /^did-jwk\//, test: 'did/jwk.test.ts' },
  { files: /^did-web\//, test: 'did/web.test.ts' },
  { files: /^did-webvh\/schema\/|^did-webvh\/NEGATIVE_VECTORS\.md$/, notRun: 'a schema and a description' },
  {
    files: /^did-webvh\/(?!negative-)[^/]+\/script\.yaml$/,
    notRun: 'how the log was made; what came of it is compared',
  },
  {
    files: /^did-webvh\/negative-[^/]+\/.+\/resolutionResult(\.\d)?\.json$/,
    notRun: 'says `invalidDid` for all; we name the fault itself',
  },
  { files: /^did-webvh\//, test: 'did/webvh.test.ts' },

  {
    files: /^di-eddsa\/contexts\//,
    notRun: 'an older file than the context in use; the vectors are not over it',
  },
  {
    files: /^di-eddsa\/Ed25519Signature2020\/proofConfigEdSig\.json$/,
    notRun: 'the proof of the signed document without its value; that one is compared',
  },
  { files: /^di-eddsa\/Ed25519Signature2020\//, test: 'securing/ecdsa-vectors.test.ts' },
  { files: /^di-eddsa\//, test: 'securing/eddsa-vectors.test.ts' },
  {
    files:
      /^di-ecdsa\/ecdsa-sd-2023\/(prc|employ)\/(addPointerValues|derived(Adj|AllGroup|Group|Recovered).*|verify.*)\.json$/,
    notRun: 'steps inside derivation and verification, of which the results are compared',
  },
  { files: /^di-ecdsa\/test-suite\/config\//, notRun: 'settings of the test suite' },
  { files: /^di-ecdsa\/(ecdsa-sd-2023|test-suite)\//, test: 'securing/ecdsa-sd-vectors.test.ts' },
  {
    files: /^di-ecdsa\/(prCred|employ)(Mandatory|Selective)\.json$/,
    test: 'securing/ecdsa-sd-vectors.test.ts',
  },
  { files: /^di-ecdsa\//, test: 'securing/ecdsa-vectors.test.ts' },

  {
    files:
      /^contexts\/bundled-1edtech\/(credentials-v2|2018-credentials-v1|ob-v3p0.*|(security-)?suites-ed25519-2020.*)\.json(ld)?$/,
    test: 'credential/contexts.test.ts',
  },
  {
    files:
      /^contexts\/(ob\/.*|credentials\/(v[12]|undefined-terms\/v2|examples\/v2)|(data-integrity\/v2|multikey\/v1)|citizenship\/.*)$/,
    test: 'credential/contexts.test.ts',
  },
  { files: /^contexts\//, notRun: 'contexts that are not pinned: nothing of ours names them' },
  { files: /^vc-json-schema\/schema\//, test: 'credential/json-schema.test.ts' },
  { files: /^vc-json-schema\/example\//, notRun: 'a schema in YAML, which we do not read' },

  { files: /^bitstring-status-list\/1edtech\//, test: 'securing/eddsa-vectors.test.ts' },
  { files: /^bitstring-status-list\//, test: 'status/bitstring.test.ts' },
  {
    files: /^token-status-list\/(vectors\.json|status_list_.*_json\.md|status_list_jwt.*\.md)$/,
    test: 'status/token-status-list.test.ts',
  },
  {
    files: /^token-status-list\/(status_list|referenced_token)_.*\.md$/,
    notRun: 'in CBOR, which we do not read',
  },
  { files: /^token-status-list\/appendix-test-vectors\.md$/, notRun: 'the text of what vectors.json holds' },

  {
    files: /^sd-jwt\/rfc9901-spec-yml\//,
    notRun: 'inputs of a generator with random salts; the tokens of the RFC are compared',
  },
  { files: /^sd-jwt\//, test: 'securing/sd-jwt.test.ts' },
  { files: /^sd-jwt-vc\/(0[123].*|settings\.yml)/, notRun: 'inputs of a generator with random salts' },
  {
    files: /^sd-jwt-vc\/oid4vci-examples\/credential_response_sd_jwt_vc\.txt$/,
    test: 'securing/sd-jwt.test.ts',
  },
  {
    files: /^sd-jwt-vc\/oid4vci-examples\/credential_response_(jwt_vc_json|ldp_vc|mso_mdoc)\.txt$/,
    notRun: 'credentials of version 1.1 without their keys or contexts, and an mdoc',
  },
  { files: /^sd-jwt-vc\/oid4vci-examples\//, notRun: 'messages of OpenID4VCI, which we do not speak' },
  {
    files:
      /^sd-jwt-vc\/oid4vp-examples\/sd_jwt_vcld\/01\/(sd_jwt_presentation\.txt|verified_contents\.json)$/,
    test: 'securing/sd-jwt.test.ts',
  },
  {
    files: /^sd-jwt-vc\/oid4vp-examples\/sd_jwt_vcld\//,
    notRun: 'parts of the presentation, which is compared as a whole',
  },
  {
    files: /^sd-jwt-vc\/oid4vp-examples\/(credentials|response)\/ldp_vc\.json$/,
    test: 'credential/conformance.test.ts',
  },
  {
    files: /^sd-jwt-vc\/oid4vp-examples\//,
    notRun: 'messages of OpenID4VP, which we do not speak, and unsecured payloads',
  },
]

export const ruleOf = (file: string): Rule | undefined => vectorFiles.find(({ files }) => files.test(file))

/** Paths below the folder of the vectors, which has to be there. */
export function allVectorFiles(): readonly string[] {
  const folder = sharedPath('vectors')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1))
    .toSorted()
}
