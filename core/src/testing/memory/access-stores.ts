import type { InstallationStore, OrganizationStore, Project, ProjectStore } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { StateAccess } from './state.ts'

/** Organisations in memory. */
export function memoryOrganizationStore(state: StateAccess): OrganizationStore {
  return { find: async organizationId => structuredClone(state().organizations.get(organizationId) ?? null) }
}

/** Projects in memory. */
export function memoryProjectStore(state: StateAccess): ProjectStore {
  const list = (organizationId: string, projectIds: readonly string[] | null): Project[] =>
    [...state().projects.values()].filter(
      project => project.organizationId === organizationId && (projectIds === null || projectIds.includes(project.id)),
    )
  return {
    find: async (organizationId, projectId) =>
      structuredClone(list(organizationId, null).find(project => project.id === projectId) ?? null),
    findDefault: async (organizationId, projectIds) => structuredClone(list(organizationId, projectIds)[0] ?? null),
    load: async projectId => structuredClone(state().projects.get(projectId) ?? null),
    list: async (organizationId, projectIds) => structuredClone(list(organizationId, projectIds)),
  }
}

/** What the first start writes, in memory. */
export function memoryInstallationStore(state: StateAccess, clock: Clock): InstallationStore {
  return {
    lock: async () => undefined,
    findFirstOrganization: async () => {
      const [first] = state().organizations.values()
      return first ? { id: first.id } : null
    },
    addOrganization: async organization => {
      if (state().organizations.has(organization.id)) throw new Error('There is an organisation of this id already')
      state().organizations.set(organization.id, { ...organization, createdAt: clock.now() })
    },
    addProject: async project => {
      if (!state().organizations.has(project.organizationId)) throw new Error('There is no such organisation')
      state().projects.set(project.id, { ...structuredClone(project), createdAt: clock.now() })
    },
    addApiKey: async ({ keyHash, ...key }) => {
      const never = { expiresAt: null, revokedAt: null, lastUsedAt: null }
      const rights = { kind: 'api_key' as const, scopes: null, projectIds: null }
      state().apiKeys.set(keyHash, { ...key, ...rights, ...never, createdAt: clock.now() })
    },
  }
}
