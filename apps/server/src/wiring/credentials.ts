import { anyTokenVerifier, type Clock, type Database, findBearer, type TokenVerifier } from '@calotype/core'
import { createJwtTokenVerifier, createKeySource, fetchJwks } from '@calotype/jwt'
import type { FastifyBaseLogger } from 'fastify'
import { type CredentialCache, createCredentialCache } from '../access/credential-cache.ts'
import type { JwtSettings } from '../access/jwt-settings.ts'
import { createKeyUses } from '../access/key-uses.ts'

/** The claim of our own tokens that names the organisation they are for. */
const ORGANIZATION_CLAIM = 'org'
/** Our own keys are in our own database: a new one is found without the pause that a stranger's server is given. */
const OWN_KEYS_REFETCH_MS = 1_000

interface Config {
  database: Database
  clock: Clock
  log: FastifyBaseLogger
  publicUrl: string
  /** The public keys of our own tokens. */
  readJwks(): Promise<unknown>
  /** Whose tokens are good beside our own. */
  jwt: JwtSettings | null
}

/** Who is behind API keys and tokens, remembered for seconds; what keys were used is written behind the requests' backs. */
export function openCredentials(config: Config): { cache: CredentialCache; close(): Promise<void> } {
  const { database, clock, log } = config
  const { credentials, organizations, memberships } = database
  const tokens = anyTokenVerifier([ownTokens(config), ...(config.jwt ? [externalTokens(config.jwt, clock)] : [])])
  const uses = createKeyUses({
    credentials,
    clock,
    onError: error => log.warn({ component: 'credentials', err: error }, 'the use of keys was not noted'),
  })
  const cache = createCredentialCache({
    find: bearer => findBearer({ credentials, organizations, memberships, tokens }, bearer),
    clock,
    onUse: actor => uses.note(actor),
  })
  return { cache, close: () => uses.close() }
}

/** Made by /api/auth/token. Its library signs with Ed25519 and does not say what the token is. */
const ownTokens = ({ readJwks, clock, publicUrl }: Config): TokenVerifier =>
  createJwtTokenVerifier({
    ...{ clock, issuer: publicUrl, audience: publicUrl, algorithms: ['EdDSA'], typeOptional: true },
    keys: createKeySource({ read: readJwks, clock, refetchMs: OWN_KEYS_REFETCH_MS }),
    organization: { claim: ORGANIZATION_CLAIM },
    role: null,
    projectsClaim: null,
  })

const externalTokens = (settings: JwtSettings, clock: Clock): TokenVerifier =>
  createJwtTokenVerifier({
    ...settings,
    clock,
    typeOptional: false,
    keys: createKeySource({ read: () => fetchJwks(settings.jwksUrl), clock }),
  })
