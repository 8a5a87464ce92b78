import { expect, test } from 'vitest'
import { askedOf, stateOf } from './message-words.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('a message says what became of it', () => {
  expect(stateOf({ status: 'delivered', attempts: 1, last_error: null })).toBe('Delivered')
  expect(stateOf({ status: 'waiting', attempts: 0, last_error: null })).toBe('Waits for the pipeline')
  expect(plain(stateOf({ status: 'waiting', attempts: 1, last_error: 'The queue did not answer.' }))).toBe(
    'Not delivered after 1 try: The queue did not answer.',
  )
  expect(plain(stateOf({ status: 'failed', attempts: 12, last_error: null }))).toBe('Given up after 12 tries')
})

test('what is asked is said without what goes without saying', () => {
  const message = { photo_id: 'A', s3_url: null, detection_types: ['damage', 'faces'], priority: 'normal' as const }
  expect(askedOf({ message })).toBe('damage, faces')
  expect(askedOf({ message: { ...message, detection_types: [], priority: 'high' } })).toBe(
    'no detection named · high priority',
  )
})
