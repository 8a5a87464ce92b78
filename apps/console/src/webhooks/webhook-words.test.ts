import { expect, test } from 'vitest'
import { answerOf, beginOf, heardOf, outcomeOf, webhookEvents, whyOff } from './webhook-words.ts'

const at = '2026-11-20T12:00:00.000Z'
const attempt = (number: number, status: number | null, error: string | null = null) => ({
  ...{ number, at, duration_ms: 120, status, error, response: null },
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const say = (status: 'pending' | 'succeeded' | 'failed', attempts: ReturnType<typeof attempt>[]) =>
  plain(outcomeOf({ status, attempts }).text)

test('a delivery says what became of it', () => {
  expect(say('succeeded', [attempt(1, 204)])).toBe('Delivered in 120 ms')
  expect(say('succeeded', [attempt(1, 500), attempt(2, 204)])).toBe('Delivered after 2 tries')
  expect(say('failed', [attempt(1, null, 'The connection was refused.')])).toBe(
    'Given up after 1 try: The connection was refused.',
  )
  expect(say('pending', [])).toBe('On its way')
  expect(say('pending', [attempt(1, 503)])).toBe('Not delivered after 1 try: answered 503')
  expect(answerOf(attempt(1, null))).toBe('no answer')
})

test('a webhook says what it hears of and why it is off', () => {
  expect(heardOf({ events: [...webhookEvents] })).toBe('Everything')
  expect(heardOf({ events: ['image.ready', 'image.failed'] })).toBe('Image ready, Image failed')
  expect(whyOff({ enabled: true, disabled_reason: null })).toBeNull()
  expect(whyOff({ enabled: false, disabled_reason: 'gone' })).toBe('Off: its receiver answered that it is gone')
  expect(whyOff({ enabled: false, disabled_reason: 'by_hand' })).toBe('Off: somebody turned it off')
})

test('a span begins where it says', () => {
  expect(beginOf('day', Date.parse(at))).toEqual(new Date('2026-11-19T12:00:00.000Z'))
})
