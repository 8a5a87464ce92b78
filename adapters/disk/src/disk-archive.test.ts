import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { prefixBlobStore } from '@calotype/core'
import { blobStoreContract } from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { createDiskArchive } from './disk-archive.ts'

const make = () => mkdtemp(join(tmpdir(), 'calotype-archive-'))

blobStoreContract('a folder of a disk archive', async () => {
  const directory = await make()
  return {
    blobs: prefixBlobStore(createDiskArchive({ directory }), 'objects/'),
    leftovers: () => readdir(join(directory, 'tmp')),
    close: () => rm(directory, { recursive: true }),
  }
})

it('keeps each key at its own path, for the owner alone', async () => {
  const parent = await make()
  const directory = join(parent, 'backup')
  const archive = createDiskArchive({ directory })
  const by = { projectId: '', purpose: 'care' as const }
  await archive.put('runs/a/list', Readable.from([Buffer.from('x')]), { maxBytes: 1, contentType: '' }, by)
  const modeOf = async (name: string) => (await stat(join(directory, name))).mode & 0o777
  expect([await modeOf('runs/a/list'), await modeOf('.')]).toEqual([0o600, 0o700])
  await rm(parent, { recursive: true })
})
