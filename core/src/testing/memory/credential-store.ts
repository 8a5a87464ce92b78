import type { Actor, ApiKey, CredentialStore } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import type { StateAccess } from './state.ts'

const NOTED_EVERY_MS = 60_000

/** Keys, links and sessions in memory. */
export const memoryCredentialStore = (state: StateAccess, clock: Clock): CredentialStore => ({
  ...keysOf(state, clock),
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
    const { id, organizationId } = session
    return { kind: 'user', id, organizationId, role: 'owner', projectIds: null, scopes: null }
  },
  removeSession: async tokenHash => {
    state().sessions.delete(tokenHash)
  },
})

type KeyMethods = Exclude<keyof CredentialStore, `${string}Session` | `${string}SignInLink`>

function keysOf(state: StateAccess, clock: Clock): Pick<CredentialStore, KeyMethods> {
  const find = (organizationId: string, id: string) =>
    [...state().apiKeys.values()].find(key => key.organizationId === organizationId && key.id === id)
  return {
    findByApiKey: async keyHash => {
      const key = state().apiKeys.get(keyHash)
      return key && isLive(key, clock.now()) ? { actor: actorOf(key), expiresAt: key.expiresAt } : null
    },
    findApiKey: async (organizationId, id) => copyOf(find(organizationId, id) ?? null),
    listApiKeys: async ({ organizationId, projectIds, before, limit }) =>
      [...state().apiKeys.values()]
        .filter(key => key.organizationId === organizationId && (before === null || key.id < before))
        .filter(({ projectIds: of }) => projectIds === null || of?.every(id => projectIds.includes(id)))
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit)
        .flatMap(key => copyOf(key) ?? []),
    countApiKeysLocked: async (organizationId, now) =>
      [...state().apiKeys.values()].filter(key => key.organizationId === organizationId && isLive(key, now)).length,
    addApiKey: async ({ keyHash, ...key }) => {
      if (!state().organizations.has(key.organizationId)) throw new Error('There is no such organisation')
      state().apiKeys.set(keyHash, { ...structuredClone(key), revokedAt: null, lastUsedAt: null })
    },
    revokeApiKey: async (organizationId, id, at) => {
      const key = find(organizationId, id)
      if (!key || key.revokedAt) return false
      key.revokedAt = at
      return true
    },
    noteApiKeyUses: async uses => {
      for (const { organizationId, id, at } of uses) {
        const key = find(organizationId, id)
        if (key && (key.lastUsedAt?.getTime() ?? 0) < at.getTime() - NOTED_EVERY_MS) key.lastUsedAt = at
      }
    },
  }
}

const copyOf = (key: ApiKey | null): ApiKey | null => structuredClone(key)

const isLive = (key: ApiKey, now: Date): boolean => !key.revokedAt && (!key.expiresAt || key.expiresAt > now)

const actorOf = ({ kind, id, organizationId, role, projectIds, scopes }: ApiKey): Actor =>
  structuredClone({ kind, id, organizationId, role: role ?? 'viewer', projectIds, scopes })
