export type {
  AccessInfo,
  Action,
  ApiKey,
  ApiKeyRequest,
  DeleteAnswer,
  Encoding,
  Image,
  ImageExplanation,
  ImageList,
  ImagePatch,
  ImageStatus,
  ImageStatusEvent,
  Invitation,
  InvitationPreview,
  Me,
  Member,
  Metadata,
  NewApiKey,
  NewInvitation,
  Organization,
  Problem,
  Project,
  ProjectChange,
  ProjectRequest,
  Role,
  Scope,
  SecurityEntry,
  SecurityEvent,
  SecurityLog,
  SignedUrl,
  SignedUrls,
  UploadUrl,
  UploadUrlRequest,
  UploadUrlResult,
  UploadUrls,
  Variant,
  VariantFormat,
  VariantSettings,
} from '@calotype/contract'
export type { Account, SignUp } from './account/account.ts'
export { type Calotype, type CalotypeOptions, createCalotype } from './calotype.ts'
export { CalotypeError } from './errors.ts'
export type { EventsOptions, EventsState, Subscription } from './events/follow-events.ts'
export type { Progress } from './http/send.ts'
export type { CallOptions, Images, SignedUrlOptions } from './images/images.ts'
export type { ListOptions } from './images/list.ts'
export type { MultipartUploadOptions, UploadOptions } from './images/upload.ts'
export { type Photo, type PhotoFormat, resolvePhotoUrl } from './resolve-photo-url.ts'
export type { SecurityLogOptions } from './security-log/security-log.ts'
