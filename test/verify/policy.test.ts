import { expect, test } from 'vitest'
import { judgeWith } from '../../src/verify/judge.ts'
import { now } from './scene.ts'

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
  'a clock skew of %s, which would switch dates off, is refused',
  async (clockSkew) => {
    await expect(judgeWith({ now, policy: { clockSkew } })).rejects.toMatchObject({
      code: 'verify.policy_malformed',
    })
  },
)

test.each(['not base64', 'AAA', 'A=='])('a root that is %j is refused, and not left out', async (root) => {
  const judging = judgeWith({ now, policy: { certificateRoots: ['AAAA', root] } })
  await expect(judging).rejects.toMatchObject({
    code: 'verify.policy_malformed',
    detail: { what: 'certificateRoots 1' },
  })
})
