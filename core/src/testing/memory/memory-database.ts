import type { Person } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Stores } from '../../database.ts'
import type { EventFeed } from '../../events/index.ts'
import { memoryInstallationStore } from './access-stores.ts'
import { memoryCredentialStore } from './credential-store.ts'
import { createMemoryEventFeed, memoryEventStore } from './event-stores.ts'
import { memoryIdempotencyStore } from './idempotency-store.ts'
import { memoryImageStore } from './image-store.ts'
import { memoryInvitationStore } from './invitation-store.ts'
import { createMemoryJobs, type MemoryJobs, memoryJobQueue } from './job-queue.ts'
import { memoryMembershipStore } from './membership-store.ts'
import { memoryOrganizationStore } from './organization-store.ts'
import { memoryOriginalStore } from './original-store.ts'
import { memoryProjectStore } from './project-store.ts'
import { memorySecurityLogStore } from './security-log-store.ts'
import type { MemoryState, StateAccess } from './state.ts'
import { createMemoryTransactions } from './transactions.ts'
import { memoryUsageStore } from './usage-store.ts'

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

const storesOn = (state: StateAccess, clock: Clock): Stores => ({
  images: memoryImageStore(state, clock),
  originals: memoryOriginalStore(state),
  organizations: memoryOrganizationStore(state),
  memberships: memoryMembershipStore(state),
  invitations: memoryInvitationStore(state),
  projects: memoryProjectStore(state),
  credentials: memoryCredentialStore(state, clock),
  installation: memoryInstallationStore(state, clock),
  jobs: memoryJobQueue(state, clock),
  events: memoryEventStore(state, clock),
  usage: memoryUsageStore(state),
  idempotency: memoryIdempotencyStore(state),
  securityLog: memorySecurityLogStore(state),
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
    organizations: outer('organizations'),
    memberships: outer('memberships'),
    invitations: outer('invitations'),
    projects: outer('projects'),
    credentials: outer('credentials'),
    installation: outer('installation'),
    jobs: outer('jobs'),
    events: outer('events'),
    usage: outer('usage'),
    idempotency: outer('idempotency'),
    securityLog: outer('securityLog'),
    transaction: work => transactions.run(draft => work(storesOn(draft, clock))),
    check: async () => void transactions.committed(),
    queue: createMemoryJobs(transactions, clock),
    feed: createMemoryEventFeed(transactions),
    addPerson: person => transactions.run(async draft => void draft().people.set(person.id, structuredClone(person))),
    inspect: () => structuredClone(transactions.committed()),
  }
}
