import { CalotypeError } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { accountFailure, waitWords } from './account-failures.ts'

const refusal = (code: string, status = 400, more = {}) =>
  new CalotypeError({ code, status, detail: 'As the server says.', ...more })

test('a wrong password is said without telling whether the account exists', () => {
  const { field, detail } = accountFailure(refusal('INVALID_EMAIL_OR_PASSWORD', 401))
  expect(field).toBeNull()
  expect(detail).toContain('e-mail or the password')
})

test('a limit says how long to wait', () => {
  const limited = accountFailure(refusal('rate_limited', 429, { retryAfterMs: 40_000 }))
  expect(limited).toEqual({ field: null, detail: 'Too many tries. Wait 40 seconds, then try again.', waitMs: 40_000 })
  expect(waitWords(900)).toContain('1 second,')
  expect(waitWords(180_000)).toContain('3\u00a0min')
})

test('what is not known keeps the words of the server', () => {
  expect(accountFailure(refusal('SOMETHING_NEW'))).toEqual({ field: null, detail: 'As the server says.', waitMs: null })
})
