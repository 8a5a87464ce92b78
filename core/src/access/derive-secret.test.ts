import { expect, it } from 'vitest'
import { deriveSecret } from './derive-secret.ts'

it('gives every purpose a secret of its own, the same at every start', () => {
  const purposes = ['accounts', 'mail', 'account', '']
  const made = purposes.map(purpose => deriveSecret('k'.repeat(32), purpose))
  expect(new Set(made).size).toBe(purposes.length)
  for (const secret of made) expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(deriveSecret('k'.repeat(32), 'mail')).toBe(made[1])
  expect(deriveSecret('K'.repeat(32), 'mail')).not.toBe(made[1])
})
