import { blobStoreContract } from '../contracts/index.ts'
import { createMemoryBlobStore } from './blob-store.ts'

blobStoreContract('memory', async () => ({ blobs: createMemoryBlobStore(), close: async () => undefined }))
