export type { UploadChunk, UploadChunkStore } from './upload-chunk-store.ts'
