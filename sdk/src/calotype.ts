import type { Me } from '@calotype/contract'
import { createAccount } from './account/account.ts'
import { createApiKeys } from './api-keys/api-keys.ts'
import { createAudit } from './audit/audit.ts'
import { createEntities } from './entities/entities.ts'
import { createShareLinks } from './entities/share-links.ts'
import { type EventsOptions, followEvents } from './events/follow-events.ts'
import { type ConnectionOptions, createConnection } from './http/connection.ts'
import { createImages } from './images/images.ts'
import { createOrganizations } from './organizations/organizations.ts'
import { createPipeline } from './pipeline/pipeline.ts'
import { createProjects } from './projects/projects.ts'
import { createReconcile } from './reconcile/reconcile.ts'
import { createReprocess } from './reprocess/reprocess.ts'
import { createSecurityLog } from './security-log/security-log.ts'
import { createSession } from './session/session.ts'
import { createWebhooks } from './webhooks/webhooks.ts'

export type CalotypeOptions = ConnectionOptions
export type Calotype = ReturnType<typeof createCalotype>

export function createCalotype(options: CalotypeOptions) {
  const connection = createConnection(options)
  return {
    images: createImages(connection),
    entities: createEntities(connection),
    shareLinks: createShareLinks(connection),
    projects: createProjects(connection),
    organizations: createOrganizations(connection),
    apiKeys: createApiKeys(connection),
    reprocess: createReprocess(connection),
    securityLog: createSecurityLog(connection),
    webhooks: createWebhooks(connection),
    pipeline: createPipeline(connection),
    audit: createAudit(connection),
    reconcile: createReconcile(connection),
    account: createAccount(connection),
    session: createSession(connection),
    /** Who the key or session belongs to, and the project that is meant when none is named. */
    me: (call: { signal?: AbortSignal } = {}) => connection.callFor<Me>({ path: '/me', ...call }),
    /** Every change of an image's status in the project, live, resumed after a break. */
    events: (projectId: string, events: EventsOptions) => followEvents(connection, projectId, events),
  }
}
