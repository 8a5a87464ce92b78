import { type AuditEntry, type AuditStore, NO_HASH, type Seal, type SealedEntry } from '../../audit/index.ts'
import type { MemoryAuditEntry, MemoryState, StateAccess } from './state.ts'

const auditId = ({ organizationId, id }: Pick<AuditEntry, 'organizationId' | 'id'>): string => `${organizationId} ${id}`

const isSealed = (entry: MemoryAuditEntry): entry is MemoryAuditEntry & { seal: Seal } => entry.seal !== null

/** Audit logs in memory. */
export function memoryAuditStore(state: StateAccess): AuditStore {
  const of = (organizationId: string) => entriesOf(state(), organizationId)
  const unsealed = (organizationId: string) => of(organizationId).filter(entry => entry.seal === null)
  const chain = (organizationId: string): SealedEntry[] =>
    of(organizationId)
      .filter(isSealed)
      .map(({ seal, ...entry }) => ({ ...entry, ...seal }))
      .sort((a, b) => a.seq - b.seq)
  return {
    add: async entries => {
      for (const entry of entries) {
        if (!state().organizations.has(entry.organizationId)) continue
        if (state().audit.has(auditId(entry))) throw new Error('What is in the audit log cannot be written again')
        state().audit.set(auditId(entry), structuredClone({ ...entry, seal: null }))
      }
    },
    list: async ({ organizationId, projectIds, action, actorId, subject, before, limit }) =>
      structuredClone(
        of(organizationId)
          .filter(
            entry =>
              (projectIds === null || (entry.projectId !== null && projectIds.includes(entry.projectId))) &&
              (action === null || entry.action === action) &&
              (actorId === null || entry.actor.id === actorId) &&
              (subject === null || entry.subject === subject) &&
              (before === null || entry.id < before),
          )
          .reverse()
          .slice(0, limit),
      ),
    findUnsealed: async limit => {
      const waiting = [...state().audit.values()].filter(entry => entry.seal === null)
      return [...new Set(waiting.map(entry => entry.organizationId))].sort().slice(0, limit)
    },
    lockHead: async organizationId => {
      const { seq, hash } = chain(organizationId).at(-1) ?? { seq: 0, hash: NO_HASH }
      return { seq, hash }
    },
    listUnsealed: async (organizationId, limit) =>
      structuredClone(
        unsealed(organizationId)
          .slice(0, limit)
          .map(({ seal: _, ...entry }) => entry),
      ),
    seal: async (organizationId, seals) => {
      for (const { id, ...seal } of seals) {
        const entry = state().audit.get(auditId({ organizationId, id }))
        if (entry?.organizationId !== organizationId || entry.seal)
          throw new Error('Only an entry that waits can be sealed')
        if (chain(organizationId).some(other => other.seq === seal.seq)) throw new Error('This number is taken')
        entry.seal = seal
      }
    },
    countUnsealed: async organizationId => unsealed(organizationId).length,
    listSealed: async ({ organizationId, afterSeq, limit }) =>
      structuredClone(
        chain(organizationId)
          .filter(entry => entry.seq > afterSeq)
          .slice(0, limit),
      ),
    listHeads: async ({ after, limit }) =>
      [...state().organizations.keys()]
        .filter(id => id > after)
        .sort()
        .flatMap(organizationId => {
          const head = chain(organizationId).at(-1)
          return head ? [{ organizationId, seq: head.seq, hash: head.hash }] : []
        })
        .slice(0, limit),
  }
}

const entriesOf = (state: MemoryState, organizationId: string): MemoryAuditEntry[] =>
  [...state.audit.values()]
    .filter(entry => entry.organizationId === organizationId)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
