import { isId, ROLES, type Role, type VerifiedToken } from '@calotype/core'
import {
  CLOCK_TOLERANCE_SECONDS,
  MAX_SUBJECT_LENGTH,
  MAX_TOKEN_LIFE_SECONDS,
  MAX_TOKEN_PROJECTS,
  MAX_TOKEN_ROLES,
} from './limits.ts'

/** How the claims of one issuer are to be read. */
export interface ClaimRules {
  issuer: string
  /** The only audience: a token for others too could be used here by any of them. */
  audience: string
  /** A claim that holds the organisation's id, or the one organisation that everybody of this issuer belongs to. */
  organization: { claim: string } | { id: string }
  /** The claim that names roles, and which of ours each one is; null where the membership decides. */
  role: { claim: string; map: ReadonlyMap<string, Role> } | null
  /** The claim that lists the only projects that the token reaches; null: tokens reach all. A token without the claim is refused. */
  projectsClaim: string | null
}

type Claims = Record<string, unknown>

/** What the claims say if they keep every rule; null otherwise. Their signature is none of this function's business. */
export function readClaims(claims: Claims, rules: ClaimRules, now: Date): VerifiedToken | null {
  if (claims.iss !== rules.issuer || !isFor(claims.aud, rules.audience)) return null
  const expiresAt = readTimes(claims, now.getTime() / 1000)
  const subject = readSubject(claims.sub)
  const organizationId = 'id' in rules.organization ? rules.organization.id : readId(claims, rules.organization.claim)
  if (!expiresAt || !subject || !organizationId) return null
  const role = rules.role && readRole(own(claims, rules.role.claim), rules.role.map)
  const projectIds = rules.projectsClaim === null ? null : readProjects(own(claims, rules.projectsClaim))
  if ((rules.role && !role) || (rules.projectsClaim !== null && !projectIds)) return null
  return { subject, organizationId, role, projectIds, expiresAt }
}

const own = (claims: Claims, name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined)

function isFor(audience: unknown, wanted: string): boolean {
  if (Array.isArray(audience)) return audience.length === 1 && audience[0] === wanted
  return audience === wanted
}

/** When the token ends; null when it has no end, a far one, is over, or is not good yet. */
function readTimes({ exp, nbf, iat }: Claims, now: number): Date | null {
  if (!isTime(exp) || exp <= now || exp > now + MAX_TOKEN_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS) return null
  for (const begin of [nbf, iat])
    if (begin !== undefined && !(isTime(begin) && begin <= now + CLOCK_TOLERANCE_SECONDS)) return null
  return new Date(exp * 1000)
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0

function readSubject(subject: unknown): string | null {
  if (typeof subject !== 'string' || subject === '' || subject.length > MAX_SUBJECT_LENGTH) return null
  return /^[\x21-\x7e]+$/.test(subject) ? subject : null
}

function readId(claims: Claims, name: string): string | null {
  const value = own(claims, name)
  return typeof value === 'string' && isId(value) ? value : null
}

/** The highest of our roles that any of the names stands for; null when none does. */
function readRole(value: unknown, map: ReadonlyMap<string, Role>): Role | null {
  const names: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_TOKEN_ROLES) : [value]
  const roles = names.flatMap(name => (typeof name === 'string' ? (map.get(name) ?? []) : []))
  return ROLES.find(role => roles.includes(role)) ?? null
}

function readProjects(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > MAX_TOKEN_PROJECTS) return null
  const ids = value.flatMap(id => (typeof id === 'string' && isId(id) ? [id] : []))
  return ids.length === value.length ? ids : null
}
