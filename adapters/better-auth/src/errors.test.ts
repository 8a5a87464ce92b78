import { DomainError } from '@calotype/core'
import { APIError } from 'better-auth/api'
import { expect, it } from 'vitest'
import { describeFailure, inLibraryForm } from './errors.ts'

it('refusals of ours get the library’s form with our code, and defects stay what they are', async () => {
  const refuse = (kind: DomainError['kind']) =>
    inLibraryForm(() => Promise.reject(new DomainError(kind, 'some_code', 'Words.'))).catch((error: unknown) => error)
  for (const [kind, status] of [
    ['conflict', 409],
    ['gone', 410],
    ['forbidden', 403],
    ['network', 503],
  ] as const) {
    const error = await refuse(kind)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ statusCode: status, body: { code: 'some_code', message: 'Words.' } })
  }
  expect(await refuse('internal')).toBeInstanceOf(DomainError)
  const defect = new Error('defect')
  await expect(inLibraryForm(() => Promise.reject(defect))).rejects.toBe(defect)
  expect(await inLibraryForm(async () => 1)).toBe(1)
})

it('the log learns what kind of failure it was, never whom it was about', () => {
  const unique = Object.assign(new Error('Key (email)=(ada@example.org) already exists.'), { code: '23505' })
  expect(describeFailure(unique)).toBe('Error 23505')
  expect(describeFailure(new TypeError('ada@example.org'))).toBe('TypeError')
  expect(describeFailure(new DomainError('network', 'database_unavailable', 'x'))).toBe('database_unavailable')
  expect(describeFailure('ada@example.org')).toBe('string')
})
