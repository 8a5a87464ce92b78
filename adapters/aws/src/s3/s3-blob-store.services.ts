import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { blobStoreContract } from '@calotype/core/testing'
import { radosgwBucket } from '../testing/radosgw-bucket.ts'
import { s3StoreCases } from '../testing/s3-store-cases.ts'
import { createS3BlobStore } from './s3-blob-store.ts'
import { createS3Client } from './s3-client.ts'

const open = async () => {
  const connection = await radosgwBucket()
  const [blobs, client] = [createS3BlobStore(connection), createS3Client(connection)]
  const unfinished = async () => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: connection.bucket }))
    return Uploads.map(upload => upload.Key ?? '')
  }
  const close = async () => {
    blobs.close()
    client.destroy()
  }
  return { blobs, unfinished, leftovers: unfinished, close }
}

blobStoreContract('S3 (Ceph radosgw)', open)
s3StoreCases('Ceph radosgw', open)
