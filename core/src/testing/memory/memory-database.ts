import type { Person } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Stores } from '../../database.ts'
import type { EventFeed } from '../../events/index.ts'
import { memoryInstallationStore } from './access-stores.ts'
import { memoryAuditStore } from './audit-store.ts'
import { memoryBacklogStore } from './backlog-store.ts'
import { copyOf } from './copy-of.ts'
import { memoryCredentialStore } from './credential-store.ts'
import { createMemoryEventFeed, memoryEventStore } from './event-stores.ts'
import { memoryGalleryStore } from './gallery-store.ts'
import { memoryIdempotencyStore } from './idempotency-store.ts'
import { memoryImageStore } from './image-store.ts'
import { memoryInvitationStore } from './invitation-store.ts'
import { createMemoryJobs, type MemoryJobs, memoryJobQueue } from './job-queue.ts'
import { memoryMembershipStore } from './membership-store.ts'
import { memoryOrganizationStore } from './organization-store.ts'
import { memoryOriginalStore } from './original-store.ts'
import { memoryPipelineStore } from './pipeline-store.ts'
import { memoryProjectStore } from './project-store.ts'
import { memoryReconcileStore } from './reconcile-store.ts'
import { memoryRemakeStore } from './remake-store.ts'
import { memorySecurityLogStore } from './security-log-store.ts'
import { memoryShareLinkStore } from './share-link-store.ts'
import { memorySlotStore } from './slot-store.ts'
import type { MemoryState, StateAccess } from './state.ts'
import { createMemoryTransactions } from './transactions.ts'
import { memoryUploadChunkStore } from './upload-chunk-store.ts'
import { memoryUsageStore } from './usage-store.ts'
import { memoryWebhookStore } from './webhook-store.ts'

/** A database for tests, with what tests want to look at. */
export interface MemoryDatabase extends Database {
  /** The jobs that were enqueued: to look at and to run. */
  queue: MemoryJobs
  feed: EventFeed
  /** A person with an account, whom in the real database the account library writes. */
  addPerson(person: Person): Promise<void>
  /** A copy of everything that is committed. */
  inspect(): MemoryState
}

/** Each is made when it is asked for: few calls need more than one. */
const storesOn = (state: StateAccess, clock: Clock): Stores => ({
  get images() {
    return memoryImageStore(state, clock)
  },
  get originals() {
    return memoryOriginalStore(state)
  },
  get remakes() {
    return memoryRemakeStore(state)
  },
  get uploadChunks() {
    return memoryUploadChunkStore(state)
  },
  get organizations() {
    return memoryOrganizationStore(state)
  },
  get memberships() {
    return memoryMembershipStore(state)
  },
  get invitations() {
    return memoryInvitationStore(state)
  },
  get projects() {
    return memoryProjectStore(state)
  },
  get credentials() {
    return memoryCredentialStore(state, clock)
  },
  get installation() {
    return memoryInstallationStore(state, clock)
  },
  get jobs() {
    return memoryJobQueue(state, clock)
  },
  get events() {
    return memoryEventStore(state, clock)
  },
  get usage() {
    return memoryUsageStore(state)
  },
  get slots() {
    return memorySlotStore(state)
  },
  get galleries() {
    return memoryGalleryStore(state)
  },
  get shareLinks() {
    return memoryShareLinkStore(state)
  },
  get idempotency() {
    return memoryIdempotencyStore(state)
  },
  get securityLog() {
    return memorySecurityLogStore(state)
  },
  get audit() {
    return memoryAuditStore(state)
  },
  get reconcile() {
    return memoryReconcileStore(state)
  },
  get pipeline() {
    return memoryPipelineStore(state)
  },
  get webhooks() {
    return memoryWebhookStore(state)
  },
  get backlog() {
    return memoryBacklogStore(state)
  },
})

/** By the naming of the ports, these only read. */
const READS = /^(find|load|list)/

/** A store outside a transaction: reads see what is committed, every other call is a transaction of its own. */
const outside = <T extends object>(store: T, write: (method: PropertyKey, args: unknown[]) => Promise<unknown>): T =>
  new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || READS.test(String(name))) return method
      return (...args: unknown[]) => write(name, args)
    },
  })

/** A database in memory with real semantics: snapshots, commit and rollback, compare-and-set, no outer stores inside. */
export function createMemoryDatabase(clock: Clock): MemoryDatabase {
  const transactions = createMemoryTransactions()
  const committed = storesOn(transactions.committed, clock)
  const outer = <Name extends keyof Stores>(name: Name): Stores[Name] =>
    outside(committed[name], (method, args) =>
      transactions.run(async draft => {
        const store: object = storesOn(draft, clock)[name]
        return Reflect.apply(Reflect.get(store, method), store, args)
      }),
    )
  return {
    images: outer('images'),
    originals: outer('originals'),
    remakes: outer('remakes'),
    uploadChunks: outer('uploadChunks'),
    organizations: outer('organizations'),
    memberships: outer('memberships'),
    invitations: outer('invitations'),
    projects: outer('projects'),
    credentials: outer('credentials'),
    installation: outer('installation'),
    jobs: outer('jobs'),
    events: outer('events'),
    usage: outer('usage'),
    slots: outer('slots'),
    galleries: outer('galleries'),
    shareLinks: outer('shareLinks'),
    idempotency: outer('idempotency'),
    securityLog: outer('securityLog'),
    audit: outer('audit'),
    reconcile: outer('reconcile'),
    pipeline: outer('pipeline'),
    webhooks: outer('webhooks'),
    backlog: outer('backlog'),
    transaction: work => transactions.run(draft => work(storesOn(draft, clock))),
    check: async () => void transactions.committed(),
    queue: createMemoryJobs(transactions, clock),
    feed: createMemoryEventFeed(transactions),
    addPerson: person => transactions.run(async draft => void draft().people.set(person.id, copyOf(person))),
    inspect: () => copyOf(transactions.committed()),
  }
}
