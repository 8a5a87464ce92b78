import type { MessageQuery, PipelineMessage, PipelineStore } from '../../pipeline/index.ts'
import { liveProject, type MemoryMessage, type MemoryState, type StateAccess } from './state.ts'

const RANKS: Record<PipelineMessage['priority'], number> = { high: 0, normal: 1, low: 2 }

/** Messages of the pipeline in memory. */
export function memoryPipelineStore(state: StateAccess): PipelineStore {
  const all = () => [...state().pipelineMessages.values()]
  const toMessage = ({ position: _, lease: __, ...message }: MemoryMessage): PipelineMessage =>
    structuredClone({ ...message, originalKey: state().images.get(message.imageId)?.originalKey ?? null })
  const lives = (message: MemoryMessage) => message.status === 'waiting' && isThere(state(), message)
  const isDue = (message: MemoryMessage, now: Date) => (dueAt(message)?.getTime() ?? Infinity) <= now.getTime()
  const isFirst = (message: MemoryMessage) =>
    !all().some(other => other.imageId === message.imageId && lives(other) && other.position < message.position)
  return {
    add: async ({ at, ...message }) => {
      state().sequence += 1
      state().pipelineMessages.set(message.id, {
        ...{ ...structuredClone(message), position: state().sequence, lease: null, status: 'waiting', attempts: 0 },
        ...{ originalKey: null, lastError: null, createdAt: at, since: at, nextAttemptAt: at, deliveredAt: null },
      })
    },
    claim: async ({ now, leaseUntil, token, limit }) => {
      const due = all().filter(message => lives(message) && isDue(message, now) && isFirst(message))
      const inOrder = due.sort((a, b) => RANKS[a.priority] - RANKS[b.priority] || a.position - b.position)
      return inOrder.slice(0, limit).map(message => {
        message.lease = { token, until: leaseUntil }
        message.attempts += 1
        return toMessage(message)
      })
    },
    settle: async (token, settlements, at) => {
      for (const { id, status, lastError, nextAttemptAt } of settlements) {
        const message = state().pipelineMessages.get(id)
        if (message?.lease?.token !== token || message.status !== 'waiting') continue
        const deliveredAt = status === 'delivered' ? at : null
        Object.assign(message, { status, lastError, nextAttemptAt, deliveredAt, lease: null })
      }
    },
    findNextDue: async () => {
      const times = all()
        .filter(lives)
        .flatMap(message => dueAt(message) ?? [])
      return times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
    },
    acknowledge: async ({ projectId, imageId }, at) => {
      for (const message of all()) {
        if (message.projectId !== projectId || message.imageId !== imageId || message.status !== 'waiting') continue
        Object.assign(message, { status: 'delivered', deliveredAt: at, nextAttemptAt: null, lease: null })
      }
    },
    requeue: async ({ projectId, id }, at) => {
      const message = state().pipelineMessages.get(id)
      if (message?.projectId !== projectId) return null
      state().sequence += 1
      const fresh = { status: 'waiting', attempts: 0, lastError: null, deliveredAt: null, lease: null }
      Object.assign(message, fresh, { position: state().sequence, since: at, nextAttemptAt: at })
      return toMessage(message)
    },
    find: async (organizationId, id) => {
      const message = state().pipelineMessages.get(id)
      return message && isOf(state(), organizationId, message) ? toMessage(message) : null
    },
    list: async query =>
      all()
        .filter(message => matches(state(), message, query))
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, query.limit)
        .map(toMessage),
  }
}

const dueAt = ({ nextAttemptAt, lease }: MemoryMessage): Date | null =>
  nextAttemptAt && lease && lease.until > nextAttemptAt ? lease.until : nextAttemptAt

/** What is deleted waits until it is restored. */
const isThere = (state: MemoryState, { imageId }: MemoryMessage): boolean => {
  const image = state.images.get(imageId)
  return image !== undefined && image.status !== 'deleted'
}

const isOf = (state: MemoryState, organizationId: string, { projectId, imageId }: MemoryMessage): boolean =>
  liveProject(state, projectId)?.organizationId === organizationId &&
  (state.images.get(imageId)?.purgeState ?? null) === null

const matches = (state: MemoryState, message: MemoryMessage, query: MessageQuery): boolean =>
  isOf(state, query.organizationId, message) &&
  (query.projectIds === null || query.projectIds.includes(message.projectId)) &&
  (query.status === null || message.status === query.status) &&
  (query.before === null || message.id < query.before)
