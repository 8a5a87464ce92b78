import { describe, expect, it } from 'vitest'
import { testImage, testVariant } from '../testing/index.ts'
import { IMAGE_STATUSES, type Image, type LivingStatus } from './image.ts'
import { isRestorable, purgeTime, restoredStatus, wantsNoBytes } from './retention.ts'

const LIVING = IMAGE_STATUSES.filter((status): status is LivingStatus => status !== 'deleted')
const deleted = (formerStatus: Image['formerStatus'], more: Partial<Image> = {}) =>
  testImage({ status: 'deleted', formerStatus, ...more })
const failure = (code: string) => ({ failure: { code, detail: 'It is so.' } })

it('purges so many days after the delete, and at once for 0', () => {
  const at = new Date('2026-03-28T12:00:00.000Z')
  expect(purgeTime(at, 0)).toEqual(at)
  expect(purgeTime(at, 7)).toEqual(new Date('2026-04-04T12:00:00.000Z'))
})

describe('whether a restore is possible', () => {
  it.each(LIVING)('not of what is %s', status => expect(isRestorable(testImage({ status }))).toBe(false))
  it.each(LIVING)('of what was %s', status => expect(isRestorable(deleted(status))).toBe(true))
  it('not of what is being purged, is purged, or went with its project', () => {
    for (const purgeState of ['purging', 'purged'] as const)
      expect(isRestorable(deleted('ready', { purgeState }))).toBe(false)
    expect(isRestorable(deleted(null))).toBe(false)
  })
})

describe('whether an image wants no bytes', () => {
  it.each(LIVING)('not what is or was %s without a failure', status => {
    expect(wantsNoBytes(testImage({ status }))).toBe(false)
    expect(wantsNoBytes(deleted(status))).toBe(false)
  })
  it('what was refused or expired, deleted or not', () => {
    for (const code of ['corrupt_image', 'upload_expired']) {
      expect(wantsNoBytes(testImage({ status: 'failed', ...failure(code) }))).toBe(true)
      expect(wantsNoBytes(deleted('failed', failure(code)))).toBe(true)
      expect(wantsNoBytes(testImage({ status: 'uploaded', ...failure(code) }))).toBe(false)
      expect(wantsNoBytes(deleted('uploaded', failure(code)))).toBe(false)
    }
  })
  it('not what may be tried again', () => {
    expect(wantsNoBytes(testImage({ status: 'failed', ...failure('engine_crashed') }))).toBe(false)
    expect(wantsNoBytes(deleted('failed', failure('attempts_lost')))).toBe(false)
  })
  it('what is on its way out for good', () => {
    expect(wantsNoBytes(deleted('ready', { purgeState: 'purging' }))).toBe(true)
    expect(wantsNoBytes(deleted('ready', { purgeState: 'purged' }))).toBe(true)
    expect(wantsNoBytes(deleted(null))).toBe(true)
  })
})

describe('where a restore leads', () => {
  const from = (formerStatus: LivingStatus, more: Partial<Image> = {}) =>
    restoredStatus({ ...testImage({ originalKey: 'uploads/x', ...more }), formerStatus })
  it('to the former status, where nothing is to be done for it', () => {
    for (const status of ['pending_upload', 'uploaded', 'failed'] as const) expect(from(status)).toBe(status)
    expect(from('ready', { variants: [testVariant('k')] })).toBe('ready')
  })
  it('to another attempt, where one was under way or its variants were withdrawn', () => {
    expect(from('processing')).toBe('uploaded')
    expect(from('ready')).toBe('uploaded')
  })
  it('nowhere, when there is nothing to make the variants of', () => {
    expect(() => from('ready', { originalKey: null })).toThrow(/no longer kept/)
    expect(from('ready', { originalKey: null, variants: [testVariant('k')] })).toBe('ready')
  })
})
