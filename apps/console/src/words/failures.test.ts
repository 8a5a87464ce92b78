import { CalotypeError } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { failureOf, failureOfError } from './failures.ts'

test('a verdict on the content cannot be tried again, circumstances can', () => {
  expect(failureOf('corrupt_image', 'The file ends early.')).toMatchObject({ title: 'Damaged file', canRetry: false })
  expect(failureOf('storage_unavailable', '…').canRetry).toBe(true)
  expect(failureOf('never_heard_of', 'What it says.')).toMatchObject({ detail: 'What it says.', canRetry: true })
})

test('limits are told in units', () => {
  const error = new CalotypeError({ code: 'file_too_large', status: 413, detail: 'n', details: { limit: 52_428_800 } })
  expect(failureOfError(error).detail.replaceAll('\u00a0', ' ')).toBe(
    'The file is larger than the 52 MB that are accepted here.',
  )
})

test('a broken connection says that nothing is lost', () => {
  const error = new CalotypeError({ code: 'connection_failed', status: 0, detail: 'x' })
  expect(failureOfError(error)).toMatchObject({ title: 'Connection broke', canRetry: true })
})
