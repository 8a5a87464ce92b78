import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { blobStoreContract } from '@calotype/core/testing'
import { radosgwBucket } from '../testing/radosgw-bucket.ts'
import { createS3BlobStore } from './s3-blob-store.ts'
import { createS3Client } from './s3-client.ts'

blobStoreContract('S3 (Ceph radosgw)', async () => {
  const connection = await radosgwBucket()
  const [blobs, client] = [createS3BlobStore(connection), createS3Client(connection)]
  return {
    blobs,
    leftovers: async () => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: connection.bucket }))
      return Uploads.map(upload => upload.Key ?? '')
    },
    close: async () => {
      blobs.close()
      client.destroy()
    },
  }
})
