/** A piece of an upload that arrives in pieces: an object of its own, until all of them are made one. */
export interface UploadChunk {
  projectId: string
  imageId: string
  /** The offset of its first byte in the whole. */
  start: number
  sizeBytes: number
  objectKey: string
}

/**
 * The pieces that count. A piece is stored first and stands here afterwards, so that what a killed process left behind is never taken
 * for progress, and of two that begin at the same byte one alone gets in.
 */
export interface UploadChunkStore {
  /** How many bytes there are without a gap, in how many pieces. */
  findProgress(projectId: string, imageId: string): Promise<{ sizeBytes: number; chunks: number }>
  /** In the order of their bytes. */
  findChunks(projectId: string, imageId: string): Promise<readonly UploadChunk[]>
  /** False, and nothing is written, when the piece does not begin where the last one ended. */
  append(chunk: UploadChunk): Promise<boolean>
  /** Forgets all pieces of an image; resolves with their object keys. */
  clear(projectId: string, imageId: string): Promise<readonly string[]>
}
