import { expect, it } from 'vitest'
import { ANALYSIS_TRANSITIONS, canMoveAnalysis } from './analysis.ts'
import { IMAGE_STATUSES, IMAGE_TRANSITIONS } from './image.ts'
import { webhookEventOf } from './tell-webhooks.ts'

it('tells of what is news, and of nothing else that an image can do', () => {
  const told = IMAGE_STATUSES.flatMap(from =>
    IMAGE_TRANSITIONS[from].flatMap(to => {
      const event = webhookEventOf(from, to)
      return event ? [`${from} ${event}`] : []
    }),
  )
  expect(told).toEqual([
    ...['pending_upload image.uploaded', 'pending_upload image.failed', 'pending_upload image.deleted'],
    ...['uploaded image.failed', 'uploaded image.deleted'],
    ...['processing image.ready', 'processing image.failed', 'processing image.deleted'],
    ...['ready image.deleted', 'failed image.deleted', 'deleted image.ready'],
  ])
  expect([webhookEventOf(null, 'uploaded'), webhookEventOf(null, 'pending_upload')]).toEqual(['image.uploaded', null])
})

it('moves the analysis of an image by its table alone', () => {
  expect(ANALYSIS_TRANSITIONS).toEqual({
    none: ['queued'],
    queued: ['processing', 'completed', 'failed'],
    processing: ['completed', 'failed', 'queued'],
    completed: ['queued'],
    failed: ['queued'],
  })
  expect([canMoveAnalysis('none', 'completed'), canMoveAnalysis('queued', 'failed')]).toEqual([false, true])
})
