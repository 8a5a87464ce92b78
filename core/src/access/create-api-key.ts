import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { noteChange } from '../security/index.ts'
import type { Actor } from './actor.ts'
import { actionsOf, authorizeEverywhere } from './authorize.ts'
import type { ApiKey } from './credential-store.ts'
import { beyondMaker, invalidApiKey, notFound, tooManyApiKeys } from './errors.ts'
import { type Action, isWithin, PERMISSIONS, type Role, SCOPES, type Scope } from './permissions.ts'
import type { ProjectStore } from './project.ts'
import { hashSecret, newSecret } from './secrets.ts'

/** Keys of one organisation that are neither revoked nor expired. */
export const MAX_API_KEYS = 100

export interface ApiKeyInput {
  name: string
  kind: 'api_key' | 'service'
  role: Role | null
  scopes: readonly Scope[] | null
  projectIds: readonly string[] | null
  expiresAt: Date | null
}

/**
 * Makes an API key or a service key and resolves with its secret, which is nowhere else. A key never gives more than its maker
 * has: no higher role, no project out of the maker's reach. Rejects with `invalid_request`, `forbidden`, `not_found`, `api_key_limit`.
 */
export async function createApiKey(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: ApiKeyInput,
): Promise<{ key: ApiKey; secret: string }> {
  const { actor } = ctx
  authorizeEverywhere(actor, 'access.manage')
  const now = deps.clock.now()
  if (input.expiresAt && input.expiresAt <= now) throw invalidApiKey('expires_at must be in the future')
  const rights = input.kind === 'service' ? rightsOfService(input, actor) : rightsOfKey(input, actor)
  const projectIds = await reach(deps.database, ctx, input.projectIds)
  const secret = newSecret('key')
  const added = {
    id: newId(),
    organizationId: actor.organizationId,
    name: input.name,
    kind: input.kind,
    ...rights,
    projectIds,
    createdAt: now,
    expiresAt: input.expiresAt,
  }
  await deps.database.transaction(async tx => {
    const live = await tx.credentials.countApiKeysLocked(actor.organizationId, now)
    if (live >= MAX_API_KEYS) throw tooManyApiKeys(MAX_API_KEYS, live)
    await tx.credentials.addApiKey({ ...added, keyHash: hashSecret(secret) })
    await settleOnce(tx, ctx, { id: added.id })
    await noteChange(tx, ctx, { event: 'key.created', detail: describe(added), at: now })
  })
  return { key: { ...added, revokedAt: null, lastUsedAt: null }, secret }
}

type Rights = Pick<ApiKey, 'role' | 'scopes'>

/** Reporting analysis is the right of no role: whoever manages access hands it out. */
const FOR_SERVICES_ALONE: Action = 'analysis.write'

function rightsOfService({ role, scopes }: ApiKeyInput, maker: Actor): Rights {
  if (role !== null) throw invalidApiKey('a service key has no role: name its scopes')
  if (!scopes || scopes.length === 0) throw invalidApiKey('a service key needs scopes')
  const makers = [...actionsOf(maker), FOR_SERVICES_ALONE]
  if (!scopes.every(scope => makers.includes(scope))) throw beyondMaker()
  return { role: null, scopes: [...new Set(scopes)] }
}

function rightsOfKey({ role, scopes }: ApiKeyInput, maker: Actor): Rights {
  if (role === null) throw invalidApiKey('an API key needs a role')
  if (!isWithin(role, maker.role)) throw beyondMaker()
  if (!scopes) return { role, scopes: null }
  const offered = SCOPES.filter(scope => PERMISSIONS[role].includes(scope))
  refuseOutside(scopes, offered)
  return { role, scopes: [...new Set(scopes)] }
}

function refuseOutside(scopes: readonly Scope[], offered: readonly Scope[]): void {
  const outside = scopes.filter(scope => !offered.includes(scope))
  if (outside.length > 0) throw invalidApiKey(`these scopes cannot be given: ${outside.join(', ')}`, offered)
}

/** The projects of a new key: those asked for if they are there and the maker reaches them, else the maker's own reach. */
async function reach(
  stores: { projects: ProjectStore },
  { actor }: Context,
  wanted: readonly string[] | null,
): Promise<readonly string[] | null> {
  if (!wanted) return actor.projectIds
  const asked = [...new Set(wanted)]
  const known = await stores.projects.list(actor.organizationId, asked)
  const allowed = known.filter(({ id }) => actor.projectIds === null || actor.projectIds.includes(id))
  if (allowed.length !== asked.length) throw notFound()
  return asked
}

const describe = (key: Omit<ApiKey, 'revokedAt' | 'lastUsedAt'>): string =>
  [
    `${key.kind === 'service' ? 'Service key' : 'API key'} ${key.id} was made`,
    key.role === null ? null : `role ${key.role}`,
    key.scopes === null ? null : `scopes ${key.scopes.join(', ')}`,
    key.projectIds === null ? 'all projects' : `${key.projectIds.length} projects`,
  ]
    .filter(part => part !== null)
    .join('; ')
