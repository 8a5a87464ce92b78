// The ports directly, not through their features' doors: the doors open onto verbs, which need this file.
import type { CredentialStore } from './access/credential-store.ts'
import type { InstallationStore } from './access/installation-store.ts'
import type { InvitationStore } from './access/invitation-store.ts'
import type { MembershipStore } from './access/membership-store.ts'
import type { OrganizationStore } from './access/organization.ts'
import type { ProjectStore } from './access/project.ts'
import type { AuditStore } from './audit/audit-store.ts'
import type { ReconcileStore } from './care/reconcile/reconcile-store.ts'
import type { UsageStore } from './cost/usage-store.ts'
import type { GalleryStore } from './entities/gallery-store.ts'
import type { ShareLinkStore } from './entities/share-link-store.ts'
import type { SlotStore } from './entities/slot-store.ts'
import type { EventStore } from './events/event-store.ts'
import type { IdempotencyStore } from './idempotency/idempotency-store.ts'
import type { ImageStore } from './images/image-store.ts'
import type { OriginalStore } from './images/original-store.ts'
import type { RemakeStore } from './images/remake-store.ts'
import type { UploadChunkStore } from './images/resumable/upload-chunk-store.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import type { PipelineStore } from './pipeline/pipeline-store.ts'
import type { SecurityLogStore } from './security/security-log.ts'
import type { BacklogStore } from './telemetry/backlog.ts'
import type { WebhookStore } from './webhooks/webhook-store.ts'

/** Every store, either on the pool (reads, single statements) or bound to one transaction. */
export interface Stores {
  images: ImageStore
  originals: OriginalStore
  remakes: RemakeStore
  uploadChunks: UploadChunkStore
  organizations: OrganizationStore
  memberships: MembershipStore
  invitations: InvitationStore
  projects: ProjectStore
  credentials: CredentialStore
  installation: InstallationStore
  jobs: JobQueue
  events: EventStore
  usage: UsageStore
  slots: SlotStore
  galleries: GalleryStore
  shareLinks: ShareLinkStore
  securityLog: SecurityLogStore
  audit: AuditStore
  reconcile: ReconcileStore
  idempotency: IdempotencyStore
  pipeline: PipelineStore
  webhooks: WebhookStore
  backlog: BacklogStore
}

export interface Database extends Stores {
  /**
   * Runs `work` in one transaction: all of it or nothing. Inside, only `tx` may be used (using the outer stores is an
   * error at once, because it could wait for the pool for ever), and no network or file I/O.
   */
  transaction<T>(work: (tx: Stores) => Promise<T>): Promise<T>
  /** Resolves when the database answers; rejects otherwise. */
  check(): Promise<void>
}
