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
