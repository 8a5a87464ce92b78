import type { ShareView } from '@calotype/core'
import { createTestClock } from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { createShareViews, MAX_PENDING_VIEWS } from './share-views.ts'

const link = (id: string) => ({ id, projectId: 'p' })

it('adds up views and writes them together, early when there are many, and at the end', async () => {
  const written: ShareView[][] = []
  const errors: unknown[] = []
  const views = createShareViews({
    shareLinks: { noteViews: async batch => void written.push([...batch]) },
    clock: createTestClock(),
    onError: error => errors.push(error),
  })
  for (const id of ['a', 'b', 'a']) views.note(link(id))
  expect(written).toEqual([])
  for (let n = 0; n < MAX_PENDING_VIEWS - 2; n++) views.note(link(`more ${n}`))
  expect(written.map(batch => batch.length)).toEqual([MAX_PENDING_VIEWS])
  expect(written[0]?.slice(0, 2)).toMatchObject([
    { id: 'a', count: 2 },
    { id: 'b', count: 1 },
  ])
  views.note(link('a'))
  await views.close()
  expect([written[1]?.length, errors]).toEqual([1, []])
})

it('goes on when a write fails', async () => {
  const errors: unknown[] = []
  const away = new Error('away')
  const views = createShareViews({
    shareLinks: { noteViews: () => Promise.reject(away) },
    clock: createTestClock(),
    onError: error => errors.push(error),
  })
  views.note(link('a'))
  await views.close()
  expect(errors).toEqual([away])
})
