import type { ApiKey, Scope } from '@calotype/sdk'

export const scopeWord: Record<Scope, string> = {
  'image.read': 'See images and sign links',
  'image.write': 'Upload and change texts',
  'image.delete_own': 'Delete its own uploads',
  'image.delete': 'Delete any image',
  'image.read_private': 'Read originals and places',
  'analysis.write': 'Report analysis',
  'project.manage': 'Manage projects',
}

/** What each role may do, as far as it can be narrowed. `analysis.write` is for service keys alone. */
const ofRole: Record<NonNullable<ApiKey['role']>, readonly Scope[]> = {
  viewer: ['image.read'],
  member: ['image.read', 'image.write', 'image.delete_own', 'image.read_private'],
  admin: ['image.read', 'image.write', 'image.delete_own', 'image.delete', 'image.read_private', 'project.manage'],
  owner: ['image.read', 'image.write', 'image.delete_own', 'image.delete', 'image.read_private', 'project.manage'],
}

export const scopesOfRole = (role: NonNullable<ApiKey['role']>): readonly Scope[] => ofRole[role]
export const scopesOfService: readonly Scope[] = [
  'image.read',
  'image.write',
  'image.delete_own',
  'image.delete',
  'image.read_private',
  'analysis.write',
  'project.manage',
]

export type KeyState = 'live' | 'expired' | 'revoked'

export function keyState({ revoked_at, expires_at }: Pick<ApiKey, 'revoked_at' | 'expires_at'>, now: number): KeyState {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && Date.parse(expires_at) <= now ? 'expired' : 'live'
}

/** What a key may do and where, in one line. */
export function reachOf(
  key: Pick<ApiKey, 'kind' | 'role' | 'scopes' | 'project_ids'>,
  names: ReadonlyMap<string, string>,
): string {
  const who = key.kind === 'service' ? 'Service' : `As ${key.role ?? 'nobody'}`
  const what =
    key.scopes === null ? '' : `, only: ${key.scopes.map(scope => scopeWord[scope].toLowerCase()).join(', ')}`
  const known = key.project_ids?.map(id => names.get(id) ?? 'a deleted project')
  const where = known === undefined ? 'every project' : known.join(', ')
  return `${who}${what} · ${where}`
}

export type Lifetime = 'month' | 'quarter' | 'year' | 'never'

export const lifetimes: readonly { value: Lifetime; label: string }[] = [
  { value: 'month', label: '30 days' },
  { value: 'quarter', label: '90 days' },
  { value: 'year', label: 'A year' },
  { value: 'never', label: 'Never' },
]
const DAYS: Record<Exclude<Lifetime, 'never'>, number> = { month: 30, quarter: 90, year: 365 }
const DAY_MS = 86_400_000

export const expiryOf = (lifetime: Lifetime, now: number): string | undefined =>
  lifetime === 'never' ? undefined : new Date(now + DAYS[lifetime] * DAY_MS).toISOString()
