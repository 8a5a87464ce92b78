import { expect, test } from 'vitest'
import { tokenIn } from './token.ts'

test('a token is found in a fragment and in a pasted link', () => {
  expect(tokenIn('#token=abc_DEF-1')).toBe('abc_DEF-1')
  expect(tokenIn(' http://127.0.0.1:3000/#token=abc.1 \n')).toBe('abc.1')
})

test('anything else has none', () => {
  expect(['', '#', '#token=', 'http://h/?token=abc', '#section'].map(tokenIn)).toEqual([null, null, null, null, null])
})
