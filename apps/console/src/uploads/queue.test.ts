import { expect, test } from 'vitest'
import { failureOf } from '../words/failures.ts'
import { emptyQueue, reduceUploads, summarize, type UploadAction } from './queue.ts'

const run = (...actions: UploadAction[]) => actions.reduce(reduceUploads, emptyQueue)
const photo = (key: string, size = 1000) => ({ key, projectId: 'P', name: `${key}.jpg`, size, type: 'image/jpeg' })

test('an upload waits, sends, arrives and leaves', () => {
  const sending = run(
    { do: 'add', uploads: [photo('a'), photo('b')] },
    { do: 'start', key: 'a', at: 0 },
    { do: 'progress', key: 'a', sent: 500, at: 500 },
  )
  expect(sending.uploads[0]).toMatchObject({ state: 'sending', sent: 500, speed: 1000 })
  expect(summarize(sending)).toMatchObject({ running: 1, waiting: 1, total: 2, fraction: 0.25, remainingMs: 1500 })

  const arrived = reduceUploads(sending, { do: 'progress', key: 'a', sent: 1200, at: 1000 })
  expect(arrived.uploads[0]).toMatchObject({ state: 'arrived', sent: 1000 })
  const finished = reduceUploads(arrived, { do: 'finish', key: 'a' })
  expect(finished.uploads.map(({ key }) => key)).toEqual(['b'])
  expect(summarize(finished)).toMatchObject({ finished: 1, total: 2, fraction: 0.5 })
})

test('measures closer than a moment are skipped, so that the speed does not flicker', () => {
  const queue = run(
    { do: 'add', uploads: [photo('a')] },
    { do: 'start', key: 'a', at: 0 },
    { do: 'progress', key: 'a', sent: 10, at: 20 },
  )
  expect(queue.uploads[0]).toMatchObject({ sent: 0, speed: null })
})

test('a refused upload keeps its reason, does not count, and starts from nothing when retried', () => {
  const failed = run(
    { do: 'add', uploads: [photo('a'), photo('b')] },
    { do: 'start', key: 'a', at: 0 },
    { do: 'progress', key: 'a', sent: 500, at: 500 },
    { do: 'refuse', key: 'a', failure: failureOf('overloaded', 'Busy.') },
  )
  expect(failed.uploads[0]).toMatchObject({ state: 'failed', failure: { title: 'Server is busy' } })
  expect(summarize(failed)).toMatchObject({ failed: 1, total: 1, fraction: 0 })
  const again = reduceUploads(failed, { do: 'retry', key: 'a' })
  expect(again.uploads[0]).toMatchObject({ state: 'waiting', sent: 0, failure: null })
})

test('known bytes are finished, but nothing new', () => {
  const queue = run({ do: 'add', uploads: [photo('a')] }, { do: 'finish', key: 'a', duplicate: true })
  expect(summarize(queue)).toMatchObject({ finished: 1, duplicates: 1, fraction: 1 })
})

test('a new batch starts counting at nothing', () => {
  const done = run(
    { do: 'add', uploads: [photo('a')] },
    { do: 'finish', key: 'a' },
    { do: 'add', uploads: [photo('b')] },
  )
  expect(summarize(done)).toMatchObject({ finished: 0, total: 1 })
})

test('removing and unknown keys', () => {
  const queue = run({ do: 'add', uploads: [photo('a'), photo('b')] }, { do: 'remove', keys: ['a', 'x'] })
  expect(queue.uploads.map(({ key }) => key)).toEqual(['b'])
  expect(reduceUploads(queue, { do: 'finish', key: 'x' })).toBe(queue)
})
