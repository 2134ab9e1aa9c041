/** Changes to a certificate after its signature, and what each check says of them; the rest stands. */
import type { CheckId } from '../../src/verify/report.ts'
import { drop, keyAgency, type Loose, put, stranger } from './scene.ts'

export type Outcomes = Partial<Record<CheckId, string>>

/** Without a proof that can be read there is no key, and without a key nothing to recognise. */
const noKey: Outcomes = { issuer: 'unknown method_not_found', trust: 'unknown key_unknown' }
const mismatch = 'fail signature_mismatch'
const malformed = 'fail badge_malformed'
const violated = 'fail schema_violated'

export const changes: readonly [change: string, alter: (vc: Loose) => Loose, expected: Outcomes][] = [
  // The same fact in one place only.
  [
    'the code of the grade',
    put('credentialSubject.achievement.grade.code', 'senior'),
    { format: malformed, proof: mismatch, trust: 'skipped format_failed' },
  ],
  [
    'the code and rank of the grade, not its label',
    (vc) => {
      Object.assign(vc.credentialSubject.achievement.grade, { code: 'intermediate', ordinal: 2 })
    },
    { format: malformed, proof: mismatch },
  ],
  [
    'the label of the grade alone',
    (vc) => {
      vc.credentialSubject.achievement.grade.labels['zh-Hans'] = '高级'
    },
    { format: malformed, proof: mismatch },
  ],
  ['the title alone', put('name', '专业技术等级证书 高级'), { format: malformed, proof: mismatch }],
  [
    'the level that was reached alone',
    (vc) => {
      vc.credentialSubject.result[0].achievedLevel = vc.credentialSubject.result[0].achievedLevel.replace(
        'junior',
        'senior',
      )
    },
    { format: malformed, proof: mismatch },
  ],
  // Proofs that are none.
  ['no proof', drop('proof'), { ...noKey, proof: 'fail proof_missing' }],
  ['an empty list of proofs', put('proof', []), { ...noKey, proof: 'fail proof_empty' }],
  ['a proof that is null', put('proof', null), { ...noKey, proof: 'fail proof_malformed' }],
  ['a proof that is a text', put('proof', 'z1'), { ...noKey, proof: 'fail proof_malformed' }],
  ['a proof that is a number', put('proof', 1), { ...noKey, proof: 'fail proof_malformed' }],
  ['a proof that is true', put('proof', true), { ...noKey, proof: 'fail proof_malformed' }],
  [
    'a proof in a list in a list',
    (vc) => {
      vc.proof = [[vc.proof]]
    },
    { ...noKey, proof: 'fail proof_malformed' },
  ],
  [
    'a proof beside null',
    (vc) => {
      vc.proof = [vc.proof, null]
    },
    { ...noKey, proof: 'fail proof_malformed' },
  ],
  ['an empty proof', put('proof', {}), { ...noKey, proof: 'fail proof_suite_unknown' }],
  [
    'seventeen proofs',
    (vc) => {
      vc.proof = Array(17).fill(vc.proof)
    },
    { ...noKey, proof: 'fail proof_malformed' },
  ],
  [
    'one proof twice',
    (vc) => {
      vc.proof = [vc.proof, vc.proof]
    },
    { ...noKey, proof: 'fail proof_id_duplicate' },
  ],
  [
    'a proof of a suite that we do not know',
    put('proof.cryptosuite', 'bbs-2023'),
    { ...noKey, proof: 'fail proof_suite_unknown' },
  ],
  ['a proof without a value', drop('proof.proofValue'), { ...noKey, proof: 'fail proof_malformed' }],
  [
    'a proof that follows one that is not there',
    put('proof.previousProof', 'urn:uuid:0'),
    { ...noKey, proof: 'fail proof_chain_broken' },
  ],
  [
    'the purpose of the proof',
    put('proof.proofPurpose', 'authentication'),
    { ...noKey, proof: 'fail proof_purpose' },
  ],
  // Values of the signature.
  ['an empty signature', put('proof.proofValue', 'z'), { proof: 'fail signature_malformed' }],
  [
    'a signature with white space',
    (vc) => {
      vc.proof.proofValue += '\n'
    },
    { proof: 'fail signature_malformed' },
  ],
  [
    'a signature of 65 bytes',
    (vc) => {
      vc.proof.proofValue = `z1${vc.proof.proofValue.slice(1)}`
    },
    { proof: 'fail signature_malformed' },
  ],
  [
    'a signature in another multibase',
    put('proof.proofValue', `u${'A'.repeat(86)}`),
    { proof: 'fail signature_malformed' },
  ],
  ['a signature of zeros', put('proof.proofValue', `z${'1'.repeat(64)}`), { proof: mismatch }],
  ['the suite', put('proof.cryptosuite', 'eddsa-jcs-2022'), { proof: mismatch }],
  ['the moment of the signature', put('proof.created', '2026-03-02T01:02:04Z'), { proof: mismatch }],
  ['the id of the proof', drop('proof.id'), { proof: mismatch }],
  ['an end of the proof', put('proof.expires', '2027-01-01T00:00:00Z'), { proof: mismatch }],
  ['a member of the proof that nobody defines', put('proof.colour', 'red'), { proof: 'fail data_loss' }],
  // Whose key.
  [
    'trap 24: the key named by an https URL with the key as its fragment',
    put('proof.verificationMethod', `https://agency.example#${keyAgency.multikey}`),
    {
      issuer: 'fail method_of_another_controller',
      proof: 'unknown key_unknown',
      trust: 'unknown key_unknown',
    },
  ],
  [
    'the key of another did:key',
    put('proof.verificationMethod', stranger.verificationMethod),
    {
      issuer: 'fail method_of_another_controller',
      proof: 'unknown key_unknown',
      trust: 'unknown key_unknown',
    },
  ],
  [
    'a fragment that names another key',
    put('proof.verificationMethod', `${keyAgency.controller}#${stranger.multikey}`),
    { issuer: 'fail method_not_found', proof: 'unknown key_unknown', trust: 'unknown key_unknown' },
  ],
  [
    'a key with a query',
    put('proof.verificationMethod', `${keyAgency.controller}?versionId=1#${keyAgency.multikey}`),
    { issuer: 'fail method_url_malformed', proof: 'unknown key_unknown', trust: 'unknown key_unknown' },
  ],
  [
    'a DID without a fragment',
    put('proof.verificationMethod', keyAgency.controller),
    { issuer: 'fail method_url_malformed', proof: 'unknown key_unknown', trust: 'unknown key_unknown' },
  ],
  // Terms that no context defines, which RDF would drop.
  [
    'VCDM-19, trap 1: a term that no context defines, at the top',
    put('honours', 'first'),
    { format: malformed, schema: violated, proof: 'fail data_loss' },
  ],
  [
    'the same in the subject',
    put('credentialSubject.honours', 'first'),
    { format: malformed, schema: violated, proof: 'fail data_loss' },
  ],
  [
    'the same in the achievement',
    put('credentialSubject.achievement.honours', 'first'),
    { format: malformed, schema: violated, proof: 'fail data_loss' },
  ],
  [
    'the same in the grade',
    put('credentialSubject.achievement.grade.honours', 'first'),
    { format: malformed, schema: violated, proof: 'fail data_loss' },
  ],
  [
    'the same in a label',
    put('issuer.labels.honours', 'first'),
    { format: malformed, schema: violated, proof: mismatch, trust: 'skipped format_failed' },
  ],
  [
    'the same in the issuer',
    put('issuer.honours', 'first'),
    { format: malformed, schema: violated, proof: 'fail data_loss' },
  ],
  [
    'the same in a status entry',
    put('credentialStatus.honours', 'first'),
    { schema: violated, proof: 'fail data_loss' },
  ],
  // Contexts below the top.
  [
    'a context in the subject, which RDF overrides',
    put('credentialSubject.@context', { licenseNumber: 'urn:x' }),
    { format: malformed, schema: violated, proof: 'fail context_inline' },
  ],
  [
    'a keyword in the subject',
    put('credentialSubject.@reverse', {}),
    { format: malformed, schema: violated, proof: 'fail context_inline' },
  ],
  // Entries of the schema.
  [
    'the digest of the schema',
    put('credentialSchema.1.digestSRI', `sha384-${'A'.repeat(64)}`),
    { format: malformed, schema: 'skipped no_schema_at_hand', proof: mismatch },
  ],
  [
    'no schema',
    drop('credentialSchema'),
    { format: malformed, schema: 'skipped no_schema_at_hand', proof: mismatch },
  ],
  // Status.
  [
    'no status',
    (vc) => {
      delete vc.credentialStatus
      delete vc.supplementaryStatus
    },
    { format: 'fail status_missing', schema: violated, proof: mismatch, status: 'skipped no_status' },
  ],
  ['another place in the list', put('credentialStatus.statusListIndex', '4243'), { proof: mismatch }],
]
