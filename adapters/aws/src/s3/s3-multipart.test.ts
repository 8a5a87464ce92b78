import { Readable } from 'node:stream'
import type { BlobStore } from '@calotype/core'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  answer,
  cut,
  type Heard,
  type ScriptedServer,
  s3Error,
  startScriptedServer,
} from '../testing/scripted-server.ts'
import { PART_BYTES } from './checked-body.ts'
import { createS3BlobStore } from './s3-blob-store.ts'

const by = { projectId: 'p', purpose: 'original' as const }
const options = { maxBytes: 1e9, contentType: 'image/jpeg' }
const xml = (body: string) => answer(200, body, { 'content-type': 'application/xml' })
const created = xml('<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>')
const completed = xml('<CompleteMultipartUploadResult><ETag>"x-3"</ETag></CompleteMultipartUploadResult>')
const part: Answer = (response, heard) =>
  answer(200, '', { etag: `"${heard.headers['content-md5']}"` })(response, heard)

let server: ScriptedServer
afterEach(() => server.close())

/** Parts and the rest of a multipart upload, each answered by its own. */
async function open(answers: { part?: Answer; complete?: Answer; head?: Answer } = {}) {
  const route: Answer = (response, heard) => {
    const { method, url } = heard
    if (method === 'POST' && url.includes('?uploads')) return created(response, heard)
    if (method === 'PUT') return (answers.part ?? part)(response, heard)
    if (method === 'POST') return (answers.complete ?? completed)(response, heard)
    if (method === 'DELETE') return answer(204)(response, heard)
    return (answers.head ?? answer(404))(response, heard)
  }
  server = await startScriptedServer(route)
  const blobs = createS3BlobStore({
    ...{ region: 'us-east-1', bucket: 'photos', endpoint: server.endpoint, sleep: async () => {} },
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  })
  const put = (length: number, more = {}) => blobs.put('uploads/a', bodyOfLength(length), { ...options, ...more }, by)
  return { blobs, put }
}
const bodyOfLength = (length: number, failure?: Error): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < length; at += 65_536) yield Buffer.alloc(Math.min(65_536, length - at), at / 65_536)
      if (failure) throw failure
    })(),
  )
const calls = (): string[] => server.heard.map(({ method, url }) => method + (/partNumber=(\d+)/.exec(url)?.[1] ?? ''))
const aborted = (): boolean => calls().at(-1) === 'DELETE'

describe('a large upload', () => {
  it.each([
    [PART_BYTES, ['PUT']],
    [PART_BYTES + 1, ['POST', 'PUT1', 'PUT2', 'POST']],
    [2 * PART_BYTES, ['POST', 'PUT1', 'PUT2', 'POST']],
    [2 * PART_BYTES + 7, ['POST', 'PUT1', 'PUT2', 'PUT3', 'POST']],
  ])('of %i bytes goes in parts', async (length, expected) => {
    const { put } = await open()
    expect(await put(length)).toMatchObject({ sizeBytes: length })
    expect(calls()).toEqual(expected)
    const sizes = server.heard.filter(({ method }) => method === 'PUT').map(({ body }) => body.length)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PART_BYTES)
  })

  it('is aborted when its body breaks off, is too long, or is not as announced, the part under way being awaited', async () => {
    let under = 0
    const slow: Answer = (response, heard) => {
      under += 1
      setTimeout(() => {
        under -= 1
        part(response, heard)
      }, 50)
    }
    const { blobs, put } = await open({
      part: slow,
    })
    const length = 2 * PART_BYTES + 7
    const expectAborted = async (upload: Promise<unknown>, code: string) => {
      await expect(upload).rejects.toMatchObject({ code })
      expect(aborted()).toBe(true)
      expect(under).toBe(0)
    }
    const broken = bodyOfLength(length, new Error('gone'))
    await expectAborted(blobs.put('uploads/a', broken, options, by), 'upload_interrupted')
    await expectAborted(put(length, { maxBytes: length - 1 }), 'file_too_large')
    await expectAborted(put(length, { expect: { sha256: '0'.repeat(64) } }), 'checksum_mismatch')
    await expectAborted(put(length, { expect: { sizeBytes: length + 1 } }), 'size_mismatch')
    expect(calls().filter(call => call === 'DELETE')).toHaveLength(4)
  })

  it('is aborted when a part cannot be sent after all tries', async () => {
    const { put } = await open({ part: s3Error(503, 'SlowDown') })
    await expect(put(3 * PART_BYTES)).rejects.toMatchObject({ kind: 'storage' })
    expect(aborted()).toBe(true)
  })

  it('repeats a part, and only that', async () => {
    let first = true
    const once: Answer = (response, heard) => {
      const broken = first && heard.url.includes('partNumber=2')
      if (broken) first = false
      return (broken ? cut : part)(response, heard)
    }
    const { put } = await open({ part: once })
    await put(2 * PART_BYTES + 7)
    expect(calls()).toEqual(['POST', 'PUT1', 'PUT2', 'PUT2', 'PUT3', 'POST'])
  })

  it('reads no further ahead than two parts', async () => {
    let produced = 0
    let arrived = 0
    let mostAhead = 0
    const slow: Answer = (response, heard) => {
      mostAhead = Math.max(mostAhead, produced - arrived)
      arrived += heard.body.length
      setTimeout(() => part(response, heard), 20)
    }
    const { blobs } = await open({ part: slow })
    const chunk = Buffer.alloc(65_536)
    const whole = 8 * PART_BYTES
    const body = new Readable({
      read() {
        produced += chunk.length
        this.push(produced > whole ? null : chunk)
      },
    })
    await blobs.put('uploads/a', body, options, by)
    expect(mostAhead).toBeLessThan(3 * PART_BYTES)
  })
})

describe('finishing a large upload', () => {
  const lost = (second: Answer): Answer => {
    let calls = 0
    return (response, heard) => (calls++ === 0 ? cut : second)(response, heard)
  }
  const gone = s3Error(404, 'NoSuchUpload')
  /** The ETag that S3 makes of these parts, from their MD5s as they were sent. */
  const etagOf = async (heard: readonly Heard[]) => {
    const { createHash } = await import('node:crypto')
    const sums = heard.filter(({ method }) => method === 'PUT').map(each => String(each.headers['content-md5']))
    const hash = createHash('md5')
    for (const sum of sums) hash.update(Buffer.from(sum, 'base64'))
    return `"${hash.digest('hex')}-${sums.length}"`
  }
  const put = (blobs: BlobStore) => blobs.put('uploads/a', bodyOfLength(PART_BYTES + 1), options, by)

  it('whose answer was lost is known again by what lies there', async () => {
    const head: Answer = (response, heard) =>
      void etagOf(server.heard).then(etag => answer(200, '', { etag })(response, heard))
    const { blobs } = await open({ complete: lost(gone), head })
    expect(await put(blobs)).toMatchObject({ sizeBytes: PART_BYTES + 1 })
  })

  it('fails when something else lies there, or nothing', async () => {
    for (const head of [answer(200, '', { etag: '"other-2"' }), answer(404)]) {
      const { blobs } = await open({ complete: lost(gone), head })
      await expect(put(blobs)).rejects.toMatchObject({ kind: 'storage' })
      expect(aborted()).toBe(true)
      await server.close()
    }
    server = await startScriptedServer()
  })

  it('fails on an error inside of a 200', async () => {
    const { blobs } = await open({ complete: xml('<Error><Code>InternalError</Code><Message>no</Message></Error>') })
    await expect(put(blobs)).rejects.toMatchObject({ kind: 'storage' })
    expect(aborted()).toBe(true)
  })

  it('for one use is refused when the key was taken meanwhile', async () => {
    const { blobs } = await open({ complete: s3Error(412, 'PreconditionFailed') })
    const once = blobs.put('uploads/a', bodyOfLength(PART_BYTES + 1), { ...options, ifAbsent: true }, by)
    await expect(once).rejects.toMatchObject({ code: 'upload_already_received' })
    expect(
      server.heard.find(({ method, url }) => method === 'POST' && url.includes('uploadId'))?.headers,
    ).toMatchObject({
      'if-none-match': '*',
    })
    expect(aborted()).toBe(true)
  })
})
