import { expect, test } from 'vitest'
import { ticketIn } from './tickets.ts'

test('a ticket is found in a fragment and in a pasted link', () => {
  expect(ticketIn('#token=abc_DEF-1')).toEqual({ kind: 'link', token: 'abc_DEF-1' })
  expect(ticketIn(' http://127.0.0.1:3000/#token=abc.1 \n')).toEqual({ kind: 'link', token: 'abc.1' })
  expect(ticketIn('#invitation=i-1')).toEqual({ kind: 'invitation', token: 'i-1' })
  expect(ticketIn('https://h/#reset=r~1')).toEqual({ kind: 'reset', token: 'r~1' })
})

test('anything else has none', () => {
  const others = ['', '#', '#token=', 'http://h/?token=abc', '#section', '#register', '#other=1']
  expect(others.map(ticketIn)).toEqual(others.map(() => null))
})
