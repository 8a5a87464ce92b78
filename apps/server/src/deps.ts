import type {
  Accounts,
  BlobStore,
  Cdn,
  CdnInvalidator,
  Clock,
  Database,
  EventFeed,
  ImageProcessor,
  InFlight,
  Mailer,
  MailSeal,
  MessagePublisher,
  Meter,
  RateLimiter,
  RemoteFiles,
  SecretSeal,
  SecurityLog,
  SharedCache,
  Telemetry,
  UploadSigner,
  UploadTerms,
  WebhookSender,
  Workspace,
} from '@calotype/core'
import type { CredentialCache } from './access/credential-cache.ts'
import type { AccountSettings } from './accounts/account-settings.ts'
import type { SignInNotes } from './accounts/sign-in-notes.ts'
import type { CloudSettings } from './cloud-settings.ts'
import type { HealthParts } from './health-parts.ts'
import type { ShareViews } from './share-views.ts'

/** The embedded CDN signs URLs and checks them; CloudFront only signs. */
export interface EmbeddedCdn extends Cdn {
  verify(objectKey: string, query: string, nowSeconds: number): 'ok' | 'expired' | 'invalid'
}

/** Our own signed upload URLs, for storage that has none. */
export interface EmbeddedUploads extends UploadSigner {
  /** The terms that a PUT URL was signed for, by its query as sent. Throws `invalid_signature` or `upload_expired`. */
  verify(imageId: string, query: string, now: Date): UploadTerms
  /** The same for the fields of a signed form. */
  verifyForm(imageId: string, fields: Iterable<readonly [name: string, text: string]>, now: Date): UploadTerms
}

/** The embedded CDN keeps objects in memory; whoever does is told what to forget. */
export interface EmbeddedInvalidator extends CdnInvalidator {
  onInvalidated(listener: (prefix: string) => void): void
}

/** Delivery by this server itself. */
export interface EmbeddedDelivery {
  cdn: EmbeddedCdn
  invalidator: EmbeddedInvalidator
  maxAge: CloudSettings['maxAge']
}

/** The figures of this process, for those who may ask. */
export interface Exposition {
  /** Null: whoever is on this machine. */
  token: string | null
  expose(): Promise<{ contentType: string; text: string }>
}

/** Everything that routes and jobs work with; made in wiring/compose.ts and nowhere else. */
export interface Deps {
  database: Database
  feed: EventFeed
  blobs: BlobStore
  uploads: UploadSigner
  /** The same signer where upload URLs lead to this server; null where storage takes the bytes itself. */
  directUploads: EmbeddedUploads | null
  cdn: Cdn
  invalidator: CdnInvalidator
  /** Null where a CDN elsewhere delivers. */
  delivery: EmbeddedDelivery | null
  /** Where pictures come from that this server does not deliver itself. */
  cdnOrigin: string | null
  workspace: Workspace
  meter: Meter
  /** Who is behind a bearer. Whoever takes rights from a key or a person tells it. */
  credentialCache: CredentialCache
  accounts: Accounts
  signIns: SignInNotes
  mailer: Mailer
  /** Closes mails while they wait in the queue. */
  mailSeal: MailSeal
  /** What lies at URLs of others. */
  remoteFiles: RemoteFiles
  /** Closes the secrets of webhooks. */
  webhookSeal: SecretSeal
  webhookSender: WebhookSender
  /** Something was made due beside an event. */
  wakeWebhooks(): void
  /** The queue of the detection pipeline; null: its messages wait to be read. */
  publisher: MessagePublisher | null
  /** Who may come in at all. */
  access: Pick<AccountSettings, 'mode' | 'registration' | 'trustedHosts'>
  /** How often shared pages are opened. */
  shareViews: ShareViews
  /** For refusals; changes of access are noted in their own transaction. */
  security: SecurityLog
  clock: Clock
  publicUrl: string
  corsOrigins: readonly string[]
  /** Proxies whose word on the client's address is taken. */
  trustedProxies: readonly string[]
  uploadUrlSeconds: number
  signedUrlSeconds: number
  maxUploadBytes: number
  maxUploadsInFlight: number
  /** Uploads under way by project. */
  inFlight: InFlight
  rateLimiter: RateLimiter
  /** Null where each process remembers for itself. */
  sharedCache: SharedCache | null
  uploadUrlsPerMinute: number
  deliveryCacheBytes: number
  metadataCacheBytes: number
  orphanGraceMs: number
  /** How often an open stream asks whether its reader may still read. */
  streamRecheckMs: number
  /** Aborted when the server begins to stop: long answers end then. */
  stopping: AbortSignal
  /** What readiness tells of. */
  health: HealthParts
  telemetry: Telemetry
  /** Null where nothing is counted. */
  exposition: Exposition | null
}

/** What jobs need besides. */
export interface WorkerDeps extends Deps {
  processor: ImageProcessor
}
