import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDiskBlobStore } from './disk-blob-store.ts'

it('reads any range of an object', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'calotype-ranges-'))
  const by = { projectId: 'project', purpose: 'delivery' as const }
  const blobs = createDiskBlobStore({ directory })
  const bytes = randomBytes(300_000)
  await blobs.put('uploads/a', Readable.from([bytes]), { maxBytes: 1e9, contentType: 'image/jpeg' }, by)
  const offset = fc.nat(bytes.length - 1)
  await fc.assert(
    fc.asyncProperty(offset, offset, async (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      const stream = await blobs.read('uploads/a', { start, end }, by)
      const read = stream ? await buffer(stream) : null
      expect(read?.equals(bytes.subarray(start, end + 1))).toBe(true)
    }),
  )
  await rm(directory, { recursive: true })
})
