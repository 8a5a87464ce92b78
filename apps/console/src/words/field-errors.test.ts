import { CalotypeError } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { formRefusal } from './field-errors.ts'

const refusal = (errors: { path: string; message: string }[]) =>
  new CalotypeError({ code: 'invalid_request', status: 400, detail: 'The body is wrong.', errors })

test('an error stands at its field, however its path is written', () => {
  const { at, whole } = formRefusal(
    refusal([
      { path: '/max_bytes', message: 'must be at most 5' },
      { path: 'variants.0.width', message: 'Too small.' },
    ]),
    ['max_bytes', 'variants'],
  )
  expect(at('max_bytes')).toBe('Must be at most 5.')
  expect(at('variants.0.width')).toBe('Too small.')
  expect(whole).toContain('marked above')
})

test('a rule between fields names one of them as its reason', () => {
  const error = new CalotypeError({
    code: 'invalid_request',
    status: 400,
    detail: 'variants has none named full.',
    details: { reason: 'variants' },
  })
  expect(formRefusal(error, ['variants']).at('variants')).toBe('Has none named full.')
  expect(formRefusal(error, ['name']).whole).toBe('variants has none named full.')
})

test('what has no field is said as a whole', () => {
  expect(formRefusal(refusal([{ path: 'odd', message: 'is odd' }]), ['name']).whole).toBe('odd: Is odd.')
  expect(formRefusal(refusal([]), ['name']).whole).toBe('The body is wrong.')
  expect(formRefusal(null, ['name']).whole).toBeNull()
})
