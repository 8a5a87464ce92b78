import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blobStoreContract } from '@calotype/core/testing'
import { createDiskBlobStore } from './disk-blob-store.ts'

blobStoreContract('disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'calotype-disk-'))
  return {
    blobs: createDiskBlobStore({ directory }),
    leftovers: () => readdir(join(directory, 'tmp')),
    close: () => rm(directory, { recursive: true }),
  }
})
