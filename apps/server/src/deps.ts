import type {
  Accounts,
  BlobStore,
  Cdn,
  Clock,
  Database,
  EventFeed,
  ImageProcessor,
  InFlight,
  Mailer,
  MailSeal,
  Meter,
  RateLimiter,
  SecurityLog,
  UploadSigner,
  UploadTerms,
  Workspace,
} from '@calotype/core'
import type { CredentialCache } from './access/credential-cache.ts'
import type { AccountSettings } from './accounts/account-settings.ts'
import type { SignInNotes } from './accounts/sign-in-notes.ts'

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

/** Everything that routes and jobs work with; made in compose.ts and nowhere else. */
export interface Deps {
  database: Database
  feed: EventFeed
  blobs: BlobStore
  uploads: EmbeddedUploads
  cdn: EmbeddedCdn
  processor: ImageProcessor
  workspace: Workspace
  meter: Meter
  /** Who is behind a bearer. Whoever takes rights from a key or a person tells it. */
  credentialCache: CredentialCache
  accounts: Accounts
  signIns: SignInNotes
  mailer: Mailer
  /** Closes mails while they wait in the queue. */
  mailSeal: MailSeal
  /** Who may come in at all. */
  access: Pick<AccountSettings, 'mode' | 'registration' | 'trustedHosts'>
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
  uploadUrlsPerMinute: number
  deliveryCacheBytes: number
  metadataCacheBytes: number
  orphanGraceMs: number
  /** How often an open stream asks whether its reader may still read. */
  streamRecheckMs: number
  /** Aborted when the server begins to stop: long answers end then. */
  stopping: AbortSignal
  /** Resolves when the job queue is served; rejects otherwise. */
  checkQueue(): Promise<void>
}
