export * from './accept-upload.ts'
export {
  ANALYSIS_TRANSITIONS,
  type AnalysisStatus,
  canMoveAnalysis,
  moveAnalysis,
} from './analysis.ts'
export { invalidResult, resultDiffers } from './analysis-errors.ts'
export type { AnalysisMove, AnalysisStore } from './analysis-store.ts'
export { MAX_ENGINE_FAILURES, MAX_LOST_ATTEMPTS } from './attempt.ts'
export * from './begin-upload.ts'
export * from './begin-uploads.ts'
export type { BeginUploadInput, BegunUpload } from './begun-upload.ts'
export * from './complete-upload.ts'
export { confirmUpload } from './confirm-upload.ts'
export * from './delete-images.ts'
export { enqueueProcessing } from './enqueue.ts'
export * from './errors.ts'
export * from './explain-image.ts'
export * from './find-similar.ts'
export * from './get-image.ts'
export * from './get-original.ts'
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
export { IMPORT_LIFE_MS, type ImportInput, importImage } from './import-image.ts'
export { importImageBytes } from './import-image-bytes.ts'
export * from './keys.ts'
export * from './labels.ts'
export * from './list-images.ts'
export { announce, moveImage } from './move-image.ts'
export { negotiatedKey } from './negotiated-key.ts'
export type { Original, OriginalStore } from './original-store.ts'
export * from './process-image.ts'
export { purgeImage } from './purge-image.ts'
export * from './purge-tombstones.ts'
export * from './receive-upload.ts'
export { registerOriginal } from './register-original.ts'
export { remakeUnderWay } from './remake-errors.ts'
export { remakeImage } from './remake-image.ts'
export { advanceRemake, rescueRemakes } from './remake-progress.ts'
export * from './remake-project.ts'
export { retireVariants } from './remake-retire.ts'
export type { ItemKey, RemakeItem, RemakeRun, RemakeState, RemakeStore, SettledItem } from './remake-store.ts'
export { REMAKE_STATES } from './remake-store.ts'
export { removeUnwanted, renderAndStore } from './render-attempt.ts'
export { RELAY_KEY } from './request-analysis.ts'
export * from './restore-image.ts'
export * from './resumable/index.ts'
export * from './retention.ts'
export { retryImage } from './retry-image.ts'
export * from './sign-cookies.ts'
export * from './sign-urls.ts'
export * from './sweep.ts'
export type { Deletion, SimilarQuery, TombstoneStore } from './tombstone-store.ts'
export { updateImage } from './update-image.ts'
export type { LocatedImage, UploadLocator } from './upload-locator.ts'
export { checkDeclaredType, checkFileName, checkSize, MAX_FILE_NAME_LENGTH } from './upload-rules.ts'
export type { SignedUpload, UploadSigner, UploadTerms } from './upload-signer.ts'
export * from './wait-for-image.ts'
export * from './withdraw-variants.ts'
