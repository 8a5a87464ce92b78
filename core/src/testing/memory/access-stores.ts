import type { InstallationStore } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { StateAccess } from './state.ts'

/** What the first start writes, in memory. */
export function memoryInstallationStore(state: StateAccess, clock: Clock): InstallationStore {
  return {
    lock: async () => undefined,
    findFirstOrganization: async () => {
      const { installedOrganizations, deletedOrganizations } = state()
      const first = [...installedOrganizations].find(id => !deletedOrganizations.has(id))
      return first === undefined ? null : { id: first }
    },
    addOrganization: async organization => {
      if (state().organizations.has(organization.id)) throw new Error('There is an organisation of this id already')
      state().organizations.set(organization.id, { ...organization, createdAt: clock.now() })
      state().installedOrganizations.add(organization.id)
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
