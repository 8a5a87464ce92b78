export * from './accept-upload.ts'
export { MAX_ENGINE_FAILURES } from './attempt.ts'
export * from './begin-upload.ts'
export * from './begin-uploads.ts'
export type { BeginUploadInput, BegunUpload } from './begun-upload.ts'
export * from './complete-upload.ts'
export { confirmUpload } from './confirm-upload.ts'
export * from './delete-images.ts'
export * from './errors.ts'
export * from './get-image.ts'
export * from './image.ts'
export type {
  ImageAddress,
  ImageChange,
  ImageMove,
  ImageQuery,
  ImageReassignment,
  ImageStore,
  ImageVersion,
  NewImage,
} from './image-store.ts'
export * from './keys.ts'
export * from './labels.ts'
export * from './list-images.ts'
export { moveImage } from './move-image.ts'
export type { Original, OriginalStore } from './original-store.ts'
export * from './process-image.ts'
export * from './purge-image.ts'
export * from './receive-upload.ts'
export { retryImage } from './retry-image.ts'
export * from './sign-urls.ts'
export * from './sweep.ts'
export { updateImage } from './update-image.ts'
export { checkDeclaredType, checkFileName, MAX_FILE_NAME_LENGTH } from './upload-rules.ts'
export type { SignedUpload, UploadSigner, UploadTerms } from './upload-signer.ts'
export * from './wait-for-image.ts'
