export type {
  DeleteAnswer,
  Encoding,
  Image,
  ImageList,
  ImageStatus,
  ImageStatusEvent,
  Me,
  Metadata,
  Problem,
  Project,
  SignedUrl,
  SignedUrls,
  UploadUrl,
  Variant,
  VariantFormat,
} from '@calotype/contract'
export { type Calotype, type CalotypeOptions, createCalotype } from './calotype.ts'
export { CalotypeError } from './errors.ts'
export type { EventsOptions, EventsState, Subscription } from './events/follow-events.ts'
export type { Progress } from './http/send.ts'
export type { CallOptions, Images, SignedUrlOptions } from './images/images.ts'
export type { ListOptions } from './images/list.ts'
export type { MultipartUploadOptions, UploadOptions } from './images/upload.ts'
