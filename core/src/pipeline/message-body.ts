import type { BlobStore } from '../blob-store.ts'
import type { PipelineMessage } from './pipeline-store.ts'

/** The message as the pipeline reads it. `s3_url` is where the original lies now, `s3://…` or `disk://…`; null when it is gone. */
export const messageBody = (message: PipelineMessage, blobs: Pick<BlobStore, 'uriPrefix'>) => ({
  photo_id: message.imageId,
  s3_url: message.originalKey === null ? null : `${blobs.uriPrefix}${message.originalKey}`,
  detection_types: [...message.types],
  priority: message.priority,
})
