export type {
  AccessInfo,
  Action,
  AnalysisEvent,
  ApiKey,
  ApiKeyRequest,
  AuditAction,
  AuditEntry,
  AuditLog,
  AuditReport,
  DeleteAnswer,
  DeliveryStatus,
  Encoding,
  Gallery,
  GalleryItem,
  Image,
  ImageExplanation,
  ImageList,
  ImagePatch,
  ImageStatus,
  ImageStatusEvent,
  ImportRequest,
  Invitation,
  InvitationPreview,
  Me,
  Member,
  MessageStatus,
  Metadata,
  NewApiKey,
  NewInvitation,
  NewShareLink,
  NewWebhook,
  Organization,
  PipelineMessage,
  PipelineMessageList,
  Problem,
  Project,
  ProjectChange,
  ProjectRequest,
  ReconcileFinding,
  ReconcileReport,
  ReplacedSlot,
  ReprocessRequest,
  ReprocessRun,
  Role,
  Scope,
  SecurityEntry,
  SecurityEvent,
  SecurityLog,
  ShareLink,
  ShareLinkList,
  ShareLinkRequest,
  SignedCookies,
  SignedUrl,
  SignedUrls,
  Slot,
  UploadUrl,
  UploadUrlRequest,
  UploadUrlResult,
  UploadUrls,
  Variant,
  VariantFormat,
  VariantSettings,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookEvent,
  WebhookRequest,
} from '@calotype/contract'
export type { Account, SignUp } from './account/account.ts'
export type { AuditOptions, AuditVerifyOptions } from './audit/audit.ts'
export { type Calotype, type CalotypeOptions, createCalotype } from './calotype.ts'
export type { Entities, Entity, EntityUploadOptions } from './entities/entities.ts'
export type { ShareTarget } from './entities/share-links.ts'
export { CalotypeError } from './errors.ts'
export type { EventsOptions, EventsState, Subscription } from './events/follow-events.ts'
export type { Progress } from './http/send.ts'
export type { CallOptions, Images, SignedUrlOptions } from './images/images.ts'
export type { ListOptions } from './images/list.ts'
export type { ResumableUploadOptions } from './images/resumable.ts'
export type { MultipartUploadOptions, UploadOptions } from './images/upload.ts'
export type { MessagesOptions } from './pipeline/pipeline.ts'
export type { ReconcileOptions } from './reconcile/reconcile.ts'
export { type Photo, type PhotoFormat, resolvePhotoUrl } from './resolve-photo-url.ts'
export type { SecurityLogOptions } from './security-log/security-log.ts'
export type { DeliveriesOptions } from './webhooks/webhooks.ts'
