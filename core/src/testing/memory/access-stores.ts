import type {
  Actor,
  CredentialStore,
  InstallationStore,
  OrganizationStore,
  Project,
  ProjectStore,
} from '../../access/index.ts'
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

/** Keys, links and sessions in memory. */
export function memoryCredentialStore(state: StateAccess): CredentialStore {
  return {
    findByApiKey: async keyHash => structuredClone(state().apiKeys.get(keyHash) ?? null),
    addSignInLink: async ({ tokenHash, ...link }) => {
      state().signInLinks.set(tokenHash, { ...link, spent: false })
    },
    redeemSignInLink: async (tokenHash, now) => {
      const link = state().signInLinks.get(tokenHash)
      if (!link || link.spent || link.expiresAt <= now) return null
      link.spent = true
      return { organizationId: link.organizationId }
    },
    addSession: async ({ tokenHash, ...session }) => {
      state().sessions.set(tokenHash, session)
    },
    findBySession: async (tokenHash, now) => {
      const session = state().sessions.get(tokenHash)
      if (!session || session.expiresAt <= now) return null
      return ownerOf(session.organizationId, 'user', session.id)
    },
    removeSession: async tokenHash => {
      state().sessions.delete(tokenHash)
    },
  }
}

const ownerOf = (organizationId: string, kind: Actor['kind'], id: string): Actor => ({
  kind,
  id,
  organizationId,
  role: 'owner',
  projectIds: null,
  scopes: null,
})

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
    addApiKey: async ({ id, organizationId, keyHash }) => {
      state().apiKeys.set(keyHash, ownerOf(organizationId, 'api_key', id))
    },
  }
}
