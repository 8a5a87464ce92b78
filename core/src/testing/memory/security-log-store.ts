import type { SecurityLogStore } from '../../security/index.ts'
import type { StateAccess } from './state.ts'

/** Security logs in memory. */
export function memorySecurityLogStore(state: StateAccess): SecurityLogStore {
  return {
    save: async entries => {
      for (const entry of entries) {
        if (!state().organizations.has(entry.organizationId)) continue
        const known = state().securityLog.get(entry.id)
        if (known) known.count = Math.max(known.count, entry.count)
        else state().securityLog.set(entry.id, structuredClone(entry))
      }
    },
    findConcerned: async trace => {
      if ('projectId' in trace) {
        const project = state().projects.get(trace.projectId)
        return project ? { organizationId: project.organizationId, actor: null } : null
      }
      const key = state().apiKeys.get(trace.keyHash)
      return key ? { organizationId: key.organizationId, actor: { kind: key.kind, id: key.id } } : null
    },
    list: async ({ organizationId, projectIds, event, before, limit }) =>
      structuredClone(
        [...state().securityLog.values()]
          .filter(
            entry =>
              entry.organizationId === organizationId &&
              (projectIds === null || (entry.projectId !== null && projectIds.includes(entry.projectId))) &&
              (event === null || entry.event === event) &&
              (before === null || entry.id < before),
          )
          .sort((a, b) => (a.id < b.id ? 1 : -1))
          .slice(0, limit),
      ),
    prune: async before => {
      const old = [...state().securityLog.values()].filter(entry => entry.at < before)
      for (const entry of old) state().securityLog.delete(entry.id)
      return old.length
    },
  }
}
