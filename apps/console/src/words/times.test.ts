import { expect, test } from 'vitest'
import { capturedTime, purgeWords, relativeTime } from './times.ts'

const now = Date.parse('2026-11-20T12:00:00.000Z')
const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1000).toISOString(), now)

test('times are told as people tell them', () => {
  expect([3, 30, 100, 3600 * 3, 86_400, 86_400 * 12, 86_400 * 70, 86_400 * 800].map(ago)).toEqual([
    'just now',
    '30 seconds ago',
    '2 minutes ago',
    '3 hours ago',
    'yesterday',
    '12 days ago',
    '2 months ago',
    '2 years ago',
  ])
  expect(ago(-600)).toBe('in 10 minutes')
})

test('what was deleted says when it goes for good', () => {
  const at = (seconds: number) => purgeWords(new Date(now + seconds * 1000).toISOString(), now)
  expect([86_400 * 6, 86_400, 3600, 3, 0, -60].map(at)).toEqual([
    'goes for good in 6 days',
    'goes for good tomorrow',
    'goes for good in 1 hour',
    'goes for good now',
    'is going for good',
    'is going for good',
  ])
  expect(purgeWords(null, now)).toBe('goes with its project')
})

test('the time of the camera is shown as the camera had it', () => {
  expect(capturedTime('2019-07-04T10:20:30.000Z')).toMatch(/^Jul 4, 2019, 10:20/)
  expect(capturedTime('unknown')).toBe('unknown')
})
