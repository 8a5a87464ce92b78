import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storageMessage } from '../testing/storage-message.ts'
import { parseStorageMessage } from './storage-event.ts'

const ID = '01HZX0000000000000000000BB'
const parse = (record: Parameters<typeof storageMessage>[0]) => parseStorageMessage(storageMessage(record), 'photos')

describe('messages of S3', () => {
  it('tell of an upload', () => {
    expect(parse({ key: `uploads/${ID}` })).toEqual({
      events: [{ objectKey: `uploads/${ID}`, imageId: ID, sizeBytes: 4_167, at: new Date('2026-03-01T12:00:00.000Z') }],
      ignored: [],
    })
  })

  it.each(['uploads%2F01HZX0000000000000000000BB', 'uploads/%30%31HZX0000000000000000000BB'])(
    'encode keys: %s',
    key => {
      expect(parse({ key }).events).toMatchObject([{ imageId: ID }])
    },
  )

  it.each([
    `uploads/${ID}+`,
    `+uploads/${ID}`,
    `uploads/${ID}%20`,
    `uploads/${ID}/x`,
    `uploads//${ID}`,
    `uploads/${ID.toLowerCase()}`,
    'uploads/81HZX0000000000000000000BB',
    `private/${ID}`,
    `uploads/${ID}%0A`,
    'uploads/%',
    '',
  ])('name no upload of ours: key %j', key => {
    expect(parse({ key })).toEqual({ events: [], ignored: ['another key'] })
  })

  it('are of another bucket, source or event', () => {
    const key = `uploads/${ID}`
    expect(parse({ key, bucket: 'other' }).ignored).toEqual(['another bucket'])
    expect(parse({ key, source: 'aws:sns' }).ignored).toEqual(['another source'])
    expect(parse({ key, event: 'ObjectRemoved:Delete' }).ignored).toEqual(['another event'])
    expect(parse({ key, event: 's3:ObjectCreated:CompleteMultipartUpload', source: 'minio:s3' }).events).toHaveLength(1)
  })

  it('are tests, or nothing at all', () => {
    const test = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'photos' })
    expect(parseStorageMessage(test, 'photos')).toEqual({ events: [], ignored: ['s3:TestEvent'] })
    for (const body of ['', '{', 'null', '[]', '7', '"x"', '{"Records":{}}', '{"Records":null}'])
      expect(parseStorageMessage(body, 'photos').ignored).toHaveLength(1)
    expect(parseStorageMessage('{"Records":[]}', 'photos')).toEqual({ events: [], ignored: [] })
  })

  it('keep what is good beside what is not', () => {
    const [good, bad] = [`uploads/${ID}`, 'x'].map(key => JSON.parse(storageMessage({ key })).Records[0])
    const body = JSON.stringify({ Records: [bad, good, null, 7, {}] })
    expect(parseStorageMessage(body, 'photos')).toMatchObject({ events: [{ imageId: ID }], ignored: { length: 4 } })
  })

  it('never throw, and never name a key that is not an upload', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.string().map(key => storageMessage({ key })),
        ),
        body => {
          for (const { objectKey } of parseStorageMessage(body, 'photos').events)
            expect(objectKey).toMatch(/^uploads\/[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
        },
      ),
    )
  })
})
