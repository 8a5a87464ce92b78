import type { Organization, OrganizationStore } from '../../access/index.ts'
import type { MemoryState, StateAccess } from './state.ts'

/** Organisations in memory; locks are free, because transactions run one at a time. */
export function memoryOrganizationStore(state: StateAccess): OrganizationStore {
  const find = (organizationId: string): Organization | null => {
    const { organizations, deletedOrganizations } = state()
    return deletedOrganizations.has(organizationId) ? null : (organizations.get(organizationId) ?? null)
  }
  return {
    find: async organizationId => structuredClone(find(organizationId)),
    lock: async organizationId => structuredClone(find(organizationId)),
    add: async organization => {
      if (state().organizations.has(organization.id)) throw new Error('There is an organisation of this id already')
      state().organizations.set(organization.id, structuredClone(organization))
    },
    rename: async (organizationId, name) => {
      const organization = find(organizationId)
      if (organization) organization.name = name
    },
    markDeleted: async organizationId => {
      state().deletedOrganizations.add(organizationId)
      withdraw(state(), organizationId)
    },
    remove: async organizationId => {
      if (!state().deletedOrganizations.has(organizationId)) return
      const projects = [...state().projects.values()]
      if (projects.some(project => project.organizationId === organizationId))
        throw new Error('The organisation still has projects')
      withdraw(state(), organizationId)
      for (const [id, entry] of state().securityLog)
        if (entry.organizationId === organizationId) state().securityLog.delete(id)
      for (const table of [state().audit, state().reconcileRuns])
        for (const [id, row] of table) if (row.organizationId === organizationId) table.delete(id)
      state().reconcileFindings = state().reconcileFindings.filter(each => state().reconcileRuns.has(each.runId))
      state().organizations.delete(organizationId)
      state().installedOrganizations.delete(organizationId)
      state().deletedOrganizations.delete(organizationId)
    },
  }
}

/** Whoever could enter the organisation no longer can. */
function withdraw(state: MemoryState, organizationId: string): void {
  for (const held of [state.apiKeys, state.signInLinks, state.sessions, state.memberships, state.invitations])
    for (const [key, value] of held) if (value.organizationId === organizationId) held.delete(key)
  for (const [session, active] of state.activeOrganizations)
    if (active === organizationId) state.activeOrganizations.delete(session)
}
