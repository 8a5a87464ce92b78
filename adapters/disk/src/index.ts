export { createDiskBlobStore, type DiskBlobStore, type DiskLog } from './disk-blob-store.ts'
export { createDiskCdn, type DiskCdn } from './disk-cdn.ts'
export { createDiskUploadSigner, type DiskUploadSigner } from './disk-upload-signer.ts'
export { createDiskWorkspace, type DiskWorkspace } from './disk-workspace.ts'
