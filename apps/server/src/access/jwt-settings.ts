import { isId, ROLES, type Role } from '@calotype/core'
import { z } from 'zod'

/** What may be allowed; symmetric algorithms and `none` are not among them. */
export const ALGORITHMS = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
])

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

const words = (text: string): string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')

const claim = z.string().min(1).max(255)

/** Plain http only to this machine: on the way, somebody could bring other keys. */
const isSafeUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname))
}

const jwksUrl = z.string().refine(isSafeUrl, 'must be an https URL')

const roleMap = z.string().transform((text, ctx): ReadonlyMap<string, Role> => {
  const pairs = words(text).map(pair => {
    const colon = pair.lastIndexOf(':')
    const role = ROLES.find(each => each === pair.slice(colon + 1))
    return colon > 0 && role ? ([pair.slice(0, colon), role] as const) : null
  })
  const good = pairs.filter(pair => pair !== null)
  if (good.length === 0 || good.length < pairs.length || new Set(good.map(([name]) => name)).size < good.length)
    ctx.addIssue({ code: 'custom', message: `must be pairs like photo-user:member, of ${ROLES.join(', ')}` })
  return new Map(good)
})

/** The variables that make tokens of another issuer good here; all or none. */
export const JwtEnvironment = {
  JWT_ISSUER: z.string().min(1).optional().describe('Issuer (`iss`) whose tokens are good here beside our own.'),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('The only audience (`aud`) of its tokens; one that names others too is refused.'),
  JWT_JWKS_URL: jwksUrl.optional().describe('Where the issuer publishes its keys; https, http only on this machine.'),
  JWT_ALGORITHMS: z
    .string()
    .default('RS256,ES256,EdDSA')
    .transform(words)
    .pipe(z.array(ALGORITHMS).min(1))
    .describe('Algorithms of its signatures, separated by commas.'),
  JWT_ORGANIZATION_CLAIM: claim.optional().describe('The claim that holds the id of one of our organisations.'),
  JWT_ORGANIZATION: z
    .string()
    .refine(isId, 'must be the id of an organisation')
    .optional()
    .describe('Instead of a claim: the organisation that everybody of this issuer belongs to.'),
  JWT_ROLE_CLAIM: claim.optional().describe('The claim that names the role or the roles; the highest one counts.'),
  JWT_ROLE_MAP: roleMap
    .optional()
    .describe('Which of our roles each one is, e.g. `photo-admin:admin,photo-user:member`; others are refused.'),
  JWT_PROJECTS_CLAIM: claim
    .optional()
    .describe('The claim that lists the only projects that a token reaches; then tokens without it are refused.'),
}

const Variables = z.object(JwtEnvironment)

/** How tokens of an external issuer are judged. */
export interface JwtSettings {
  issuer: string
  audience: string
  jwksUrl: string
  algorithms: readonly string[]
  organization: { claim: string } | { id: string }
  role: { claim: string; map: ReadonlyMap<string, Role> }
  projectsClaim: string | null
}

/** The external issuer, null where none is configured, or the problems of a configuration that is not whole. */
export function readJwtSettings(e: z.infer<typeof Variables>): { settings: JwtSettings | null; problems: string[] } {
  const given = Object.entries(e).filter(
    ([name, value]) => name !== 'JWT_ALGORITHMS' && name in JwtEnvironment && value,
  )
  if (given.length === 0) return { settings: null, problems: [] }
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: url } = e
  const { JWT_ROLE_CLAIM: roleClaim, JWT_ROLE_MAP: map } = e
  const { JWT_ORGANIZATION_CLAIM: organizationClaim, JWT_ORGANIZATION: id } = e
  const organization = organizationClaim ? { claim: organizationClaim } : id ? { id } : null
  const needed = { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: url }
  const problems = Object.entries({ ...needed, JWT_ROLE_CLAIM: roleClaim, JWT_ROLE_MAP: map }).flatMap(
    ([name, value]) => (value ? [] : [`${name}: is needed with ${given[0]?.[0]}`]),
  )
  if (organizationClaim && id) problems.push('JWT_ORGANIZATION: goes without JWT_ORGANIZATION_CLAIM')
  if (!organization) problems.push('JWT_ORGANIZATION_CLAIM: is needed, or JWT_ORGANIZATION')
  if (!(issuer && audience && url && roleClaim && map && organization) || problems.length > 0)
    return { settings: null, problems }
  const settings = {
    ...{ issuer, audience, jwksUrl: url, algorithms: e.JWT_ALGORITHMS, organization },
    role: { claim: roleClaim, map },
    projectsClaim: e.JWT_PROJECTS_CLAIM ?? null,
  }
  return { settings, problems }
}
