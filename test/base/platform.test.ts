import { expect, test } from 'vitest'
import { nodeCrypto, subtleCrypto } from '../../src/base/platform.ts'

test('Node has both of its cryptographies', () => {
  expect(nodeCrypto?.createHash).toBeTypeOf('function')
  expect(subtleCrypto).toBe(globalThis.crypto.subtle)
})
