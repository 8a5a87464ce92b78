import type { UploadChunk, UploadChunkStore } from '../../images/index.ts'
import { copyOf } from './copy-of.ts'
import type { StateAccess } from './state.ts'

/** Pieces of uploads in memory. */
export function memoryUploadChunkStore(state: StateAccess): UploadChunkStore {
  const of = (projectId: string, imageId: string): UploadChunk[] =>
    [...state().uploadChunks.values()]
      .filter(chunk => chunk.projectId === projectId && chunk.imageId === imageId)
      .sort((left, right) => left.start - right.start)
  const progressOf = (projectId: string, imageId: string) => {
    const chunks = of(projectId, imageId)
    return { sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0), chunks: chunks.length }
  }
  return {
    findProgress: async (projectId, imageId) => progressOf(projectId, imageId),
    findChunks: async (projectId, imageId) => copyOf(of(projectId, imageId)),
    append: async chunk => {
      if (chunk.start !== progressOf(chunk.projectId, chunk.imageId).sizeBytes) return false
      if (!state().images.has(chunk.imageId)) throw new Error(`There is no image ${chunk.imageId}`)
      state().uploadChunks.set(chunk.objectKey, copyOf(chunk))
      return true
    },
    clear: async (projectId, imageId) => {
      const keys = of(projectId, imageId).map(chunk => chunk.objectKey)
      for (const key of keys) state().uploadChunks.delete(key)
      return keys
    },
  }
}
