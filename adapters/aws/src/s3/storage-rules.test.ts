import type { LifecycleRule } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { abortRule, corsDifferences, corsRuleFor, endangersUploads, lifecycleDifferences } from './storage-rules.ts'

const rule = (more: Partial<LifecycleRule>): LifecycleRule => ({ ID: 'theirs', Status: 'Enabled', ...more })

describe('a lifecycle rule is a danger to uploads', () => {
  it.each<[string, Partial<LifecycleRule>]>([
    ['expires everything', { Expiration: { Days: 30 } }],
    ['expires uploads', { Filter: { Prefix: 'uploads/' }, Expiration: { Days: 30 } }],
    ['expires a beginning of uploads', { Filter: { Prefix: 'up' }, Expiration: { Days: 1 } }],
    ['expires some uploads', { Filter: { Prefix: 'uploads/01H' }, Expiration: { Days: 1 } }],
    ['expires them on a day', { Prefix: 'uploads/', Expiration: { Date: new Date(0) } }],
    [
      'archives them',
      { Filter: { And: { Prefix: 'uploads/' } }, Transitions: [{ Days: 90, StorageClass: 'GLACIER' }] },
    ],
  ])('that %s', (_, more) => {
    expect(endangersUploads(rule(more))).toBe(true)
    expect(lifecycleDifferences([abortRule, rule(more)])).toMatchObject([
      { ours: false, is: 'rule theirs expires or moves objects under uploads/' },
    ])
  })

  it.each<[string, Partial<LifecycleRule>]>([
    ['is off', { Status: 'Disabled', Expiration: { Days: 30 } }],
    ['is about other objects', { Filter: { Prefix: 'logs/' }, Expiration: { Days: 30 } }],
    [
      'aborts multipart uploads',
      { Filter: { Prefix: 'uploads/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ],
    ['tidies delete markers', { Expiration: { ExpiredObjectDeleteMarker: true } }],
    ['moves them to where they are read as quickly', { Transitions: [{ Days: 90, StorageClass: 'GLACIER_IR' }] }],
  ])('but not one that %s', (_, more) => {
    expect(endangersUploads(rule(more))).toBe(false)
  })
})

it('misses the abort of multipart uploads where it is off, late, or for a part of the bucket only', () => {
  const missing = [
    {
      ...{ part: 'lifecycle', ours: true, is: 'unfinished multipart uploads are not aborted in time' },
      wanted: 'unfinished multipart uploads are aborted after 1 day',
    },
  ]
  expect(lifecycleDifferences([])).toEqual(missing)
  expect(lifecycleDifferences([{ ...abortRule, Status: 'Disabled' }])).toEqual(missing)
  expect(lifecycleDifferences([{ ...abortRule, Filter: { Prefix: 'private/' } }])).toEqual(missing)
  expect(lifecycleDifferences([{ ...abortRule, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }])).toEqual(
    missing,
  )
  expect(lifecycleDifferences([{ ...abortRule, ID: 'under another name' }])).toEqual([])
})

it('names every part of a CORS rule that differs, whatever the order and the case of names', () => {
  const wanted = corsRuleFor(['https://a.example.org', 'https://b.example.org'])
  const same = {
    ...wanted,
    AllowedOrigins: [...(wanted.AllowedOrigins ?? [])].reverse(),
    AllowedHeaders: ['X-Amz-Checksum-Sha256', 'If-None-Match', 'Content-Type'],
  }
  expect(corsDifferences(same, wanted)).toEqual([])
  const headers = 'AllowedHeaders: content-type, if-none-match, x-amz-checksum-sha256'
  expect(corsDifferences({ ...wanted, AllowedHeaders: ['content-type'], MaxAgeSeconds: 5 }, wanted)).toEqual([
    { part: 'CORS', ours: true, is: 'AllowedHeaders: content-type', wanted: headers },
    { part: 'CORS', ours: true, is: 'MaxAgeSeconds: 5', wanted: 'MaxAgeSeconds: 600' },
  ])
  expect(corsDifferences(undefined, wanted)).toHaveLength(5)
})
