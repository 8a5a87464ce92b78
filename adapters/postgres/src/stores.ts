import type { Stores } from '@calotype/core'
import type { Kysely } from 'kysely'
import { createPostgresCredentialStore } from './credential-store.ts'
import { createPostgresEventStore } from './event-store.ts'
import { createPostgresIdempotencyStore } from './idempotency-store.ts'
import { createPostgresImageStore } from './image-store.ts'
import { createPostgresInstallationStore } from './installation-store.ts'
import { createPostgresInvitationStore } from './invitation-store.ts'
import { createPostgresJobQueue } from './job-queue.ts'
import { createPostgresMembershipStore } from './membership-store.ts'
import { createPostgresOrganizationStore } from './organization-store.ts'
import { createPostgresOriginalStore } from './original-store.ts'
import { createPostgresProjectStore } from './project-store.ts'
import { createPostgresSecurityLogStore } from './security-log-store.ts'
import type { Tables } from './tables.ts'
import { createPostgresUsageStore } from './usage-store.ts'

/** Every store on one handle: the pool, or the connection of a transaction. */
export const createStores = (db: Kysely<Tables>): Stores => ({
  images: createPostgresImageStore(db),
  originals: createPostgresOriginalStore(db),
  organizations: createPostgresOrganizationStore(db),
  memberships: createPostgresMembershipStore(db),
  invitations: createPostgresInvitationStore(db),
  projects: createPostgresProjectStore(db),
  credentials: createPostgresCredentialStore(db),
  installation: createPostgresInstallationStore(db),
  jobs: createPostgresJobQueue(db),
  events: createPostgresEventStore(db),
  usage: createPostgresUsageStore(db),
  securityLog: createPostgresSecurityLogStore(db),
  idempotency: createPostgresIdempotencyStore(db),
})
