import { blobStoreContract } from '@calotype/core/testing'
import { startFakeCloud } from '../testing/fauxqs.ts'
import { createS3BlobStore } from './s3-blob-store.ts'

blobStoreContract('S3 (fauxqs)', async () => {
  const cloud = await startFakeCloud()
  const blobs = createS3BlobStore(await cloud.bucket('calotype-contract'))
  return {
    blobs,
    leftovers: async () => cloud.unfinished(),
    close: async () => {
      blobs.close()
      await cloud.close()
    },
  }
})
