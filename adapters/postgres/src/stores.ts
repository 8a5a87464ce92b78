import type { Stores } from '@calotype/core'
import type { Kysely } from 'kysely'
import { createPostgresAuditStore } from './audit-store.ts'
import { createPostgresBacklogStore } from './backlog-store.ts'
import { createPostgresCredentialStore } from './credential-store.ts'
import { createPostgresEventStore } from './event-store.ts'
import { createPostgresGalleryStore } from './gallery-store.ts'
import { createPostgresIdempotencyStore } from './idempotency-store.ts'
import { createPostgresImageStore } from './image-store.ts'
import { createPostgresInstallationStore } from './installation-store.ts'
import { createPostgresInvitationStore } from './invitation-store.ts'
import { createPostgresJobQueue } from './job-queue.ts'
import { createPostgresMembershipStore } from './membership-store.ts'
import { createPostgresOrganizationStore } from './organization-store.ts'
import { createPostgresOriginalStore } from './original-store.ts'
import { createPostgresPipelineStore } from './pipeline-store.ts'
import { createPostgresProjectStore } from './project-store.ts'
import { createPostgresReconcileStore } from './reconcile-store.ts'
import { createPostgresRemakeStore } from './remake-store.ts'
import { createPostgresSecurityLogStore } from './security-log-store.ts'
import { createPostgresShareLinkStore } from './share-link-store.ts'
import { createPostgresSlotStore } from './slot-store.ts'
import type { Tables } from './tables.ts'
import { createPostgresUploadChunkStore } from './upload-chunk-store.ts'
import { createPostgresUsageStore } from './usage-store.ts'
import { createPostgresWebhookStore } from './webhook-store.ts'

/** Every store on one handle: the pool, or the connection of a transaction. */
export const createStores = (db: Kysely<Tables>): Stores => ({
  images: createPostgresImageStore(db),
  originals: createPostgresOriginalStore(db),
  remakes: createPostgresRemakeStore(db),
  uploadChunks: createPostgresUploadChunkStore(db),
  organizations: createPostgresOrganizationStore(db),
  memberships: createPostgresMembershipStore(db),
  invitations: createPostgresInvitationStore(db),
  projects: createPostgresProjectStore(db),
  credentials: createPostgresCredentialStore(db),
  installation: createPostgresInstallationStore(db),
  jobs: createPostgresJobQueue(db),
  events: createPostgresEventStore(db),
  usage: createPostgresUsageStore(db),
  slots: createPostgresSlotStore(db),
  galleries: createPostgresGalleryStore(db),
  shareLinks: createPostgresShareLinkStore(db),
  securityLog: createPostgresSecurityLogStore(db),
  audit: createPostgresAuditStore(db),
  reconcile: createPostgresReconcileStore(db),
  idempotency: createPostgresIdempotencyStore(db),
  pipeline: createPostgresPipelineStore(db),
  webhooks: createPostgresWebhookStore(db),
  backlog: createPostgresBacklogStore(db),
})
