import { blobStoreContract } from '@calotype/core/testing'
import { afterEach, expect, it } from 'vitest'
import { startFakeCloud } from '../testing/fauxqs.ts'
import { s3StoreCases } from '../testing/s3-store-cases.ts'
import { answer, type ScriptedServer, startScriptedServer } from '../testing/scripted-server.ts'
import { createS3BlobStore } from './s3-blob-store.ts'

const open = async () => {
  const cloud = await startFakeCloud()
  const blobs = createS3BlobStore(await cloud.bucket('calotype-contract'))
  const close = async () => {
    blobs.close()
    await cloud.close()
  }
  const unfinished = async () => cloud.unfinished()
  return { blobs, unfinished, leftovers: unfinished, close }
}

blobStoreContract('S3 (fauxqs)', open)
s3StoreCases('fauxqs', open)

let server: ScriptedServer | null = null
afterEach(() => server?.close())

it('names the objects that could not be removed, in an answer that says 200, and logs why', async () => {
  const errors = [
    '<Error><Key>uploads/b</Key><Code>AccessDenied</Code><Message>no</Message></Error>',
    '<Error><Key>uploads/c</Key><Code>NoSuchKey</Code><Message>gone</Message></Error>',
  ]
  server = await startScriptedServer(
    answer(200, `<DeleteResult>${errors.join('')}</DeleteResult>`, { 'content-type': 'application/xml' }),
  )
  const logged: unknown[] = []
  const log = { info: () => {}, warn: (details: unknown) => void logged.push(details) }
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
  const blobs = createS3BlobStore({ region: 'r', bucket: 'photos', endpoint: server.endpoint, credentials, log })
  const by = { projectId: 'p', purpose: 'care' as const }
  expect(await blobs.remove(['uploads/a', 'uploads/b', 'uploads/c'], by)).toEqual(['uploads/b'])
  expect(logged).toEqual([{ key: 'uploads/b', code: 'AccessDenied', reason: 'no' }])
  expect(server.heard[0]?.headers['content-md5']).toMatch(/^.{22}==$/)
})

it('takes no foreign name for a key, and goes on with the next page', async () => {
  const page = (keys: readonly string[], more: string) =>
    answer(
      200,
      `<ListBucketResult>${more}${keys.map(key => `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`).join('')}</ListBucketResult>`,
      { 'content-type': 'application/xml' },
    )
  server = await startScriptedServer(
    page(
      ['uploads/a', 'uploads/b%20c', '%zz', 'uploads/'],
      '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>',
    ),
    page(['uploads/d'], '<IsTruncated>false</IsTruncated>'),
  )
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
  const blobs = createS3BlobStore({ region: 'r', bucket: 'photos', endpoint: server.endpoint, credentials })
  const keys: string[] = []
  for await (const { key } of blobs.list('uploads/', { projectId: 'p', purpose: 'care' })) keys.push(key)
  expect(keys).toEqual(['uploads/a', 'uploads/d'])
  expect(server.heard[1]?.url).toContain('continuation-token=t')
})

it('tells the hash that storage checked, and not the hash of hashes that parts have', async () => {
  const hex = 'ab'.repeat(32)
  const base64 = Buffer.from(hex, 'hex').toString('base64')
  const held = (checksum: string) =>
    answer(200, '', { 'last-modified': new Date(0).toUTCString(), 'x-amz-checksum-sha256': checksum })
  server = await startScriptedServer(held(base64), held(`${base64}-3`))
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
  const blobs = createS3BlobStore({ region: 'r', bucket: 'photos', endpoint: server.endpoint, credentials })
  const by = { projectId: 'p', purpose: 'original' as const }
  expect(await blobs.head('uploads/a', by)).toMatchObject({ sha256: hex })
  expect(await blobs.head('uploads/a', by)).toMatchObject({ sha256: null })
  expect(server.heard[0]?.headers['x-amz-checksum-mode']).toBe('ENABLED')
})
