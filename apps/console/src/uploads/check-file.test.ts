import { expect, test } from 'vitest'
import { acceptOf, checkFile } from './check-file.ts'

const limits = { allowed_types: ['image/jpeg', 'image/png', 'image/heic'], min_bytes: 100, max_bytes: 1_000_000 }
const file = (type: string, size: number) => ({ name: 'a', type, size })

test('what the server would accept, or can only tell by the bytes, passes', () => {
  expect(checkFile(file('image/jpeg', 5000), limits)).toBeNull()
  expect(checkFile(file('IMAGE/PNG', 5000), limits)).toBeNull()
  expect(checkFile(file('', 5000), limits)).toBeNull()
})

test('the rest says why and what to do', () => {
  expect(checkFile(file('application/pdf', 5000), limits)?.detail).toBe(
    'This is application/pdf. Upload a photo as JPEG, PNG or HEIC.',
  )
  expect(checkFile(file('image/jpeg', 2_000_000), limits)).toMatchObject({ code: 'file_too_large', canRetry: false })
  expect(checkFile(file('image/jpeg', 20), limits)?.code).toBe('file_too_small')
  expect(checkFile(file('image/jpeg', 0), limits)?.detail).toMatch(/empty/)
})

test('the file dialog is given types and the endings that systems need', () => {
  expect(acceptOf(limits.allowed_types)).toBe('image/jpeg,image/png,image/heic,.heic')
})
