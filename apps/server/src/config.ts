import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { JwtEnvironment, type JwtSettings, readJwtSettings } from './access/jwt-settings.ts'
import { AccountEnvironment, type AccountSettings, readAccountSettings } from './accounts/account-settings.ts'
import { CLOUD_SECRETS, CloudEnvironment, type CloudSettings, readCloudSettings } from './cloud-settings.ts'
import { ImportEnvironment, type ImportSettings, readImportSettings } from './import-settings.ts'
import { MessageEnvironment, type MessageSettings, readMessageSettings } from './message-settings.ts'
import {
  readTelemetrySettings,
  TELEMETRY_SECRETS,
  TelemetryEnvironment,
  type TelemetrySettings,
} from './telemetry-settings.ts'

const MAX_PROCESSES = 64

const wholeNumber = (fallback: number, min: number, max: number, description: string) =>
  z.coerce.number().int().min(min).max(max).default(fallback).describe(description)

const origins = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(origin => origin.trim())
      .filter(origin => origin !== ''),
  )
  .pipe(z.array(z.url({ protocol: /^https?$/, error: 'must be http(s) origins, separated by commas' })))

const PROXY_GROUPS = ['loopback', 'linklocal', 'uniquelocal']

function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0) return PROXY_GROUPS.includes(text)
  if (bits === undefined) return true
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128)
}

const proxies = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(proxy => proxy.trim())
      .filter(proxy => proxy !== ''),
  )
  .refine(list => list.every(isProxy), {
    error: `must be addresses or ranges (10.0.0.0/8), or ${PROXY_GROUPS.join(', ')}, separated by commas`,
  })

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' })

/** Every environment variable that the program reads; docs/configuration.md is generated from it. */
export const Environment = z.object({
  PORT: wholeNumber(3000, 0, 65_535, 'Port to listen on; 0 takes a free one.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Where everything is kept: database, blobs, keys.'),
  PUBLIC_URL: httpUrl
    .optional()
    .describe('The address that clients use; signed URLs begin with it. By default made of HOST and PORT.'),
  CORS_ORIGINS: origins.describe('Origins of web pages that may call the API, separated by commas.'),
  TRUST_PROXY: proxies.describe(
    'Your own proxies, as addresses, ranges or `loopback`, separated by commas: from them the client’s address in `X-Forwarded-For` is believed.',
  ),
  SECRET_KEY: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'Signs URLs. By default made at the first start and kept in DATA_DIR/secret.key; needed with DATABASE_URL, the same for every process.',
    ),
  ...CloudEnvironment,
  DATABASE_POOL_MAX: wholeNumber(10, 2, 40, 'Connections to the database.'),
  DATABASE_POOL_IDLE: wholeNumber(30, 1, 3_600, 'Seconds until an idle connection is closed.'),
  UPLOAD_URL_TTL: wholeNumber(900, 60, 3_600, 'Seconds that an upload URL is good for.'),
  SIGNED_URL_TTL: wholeNumber(
    600,
    1,
    86_400,
    'The life of a download URL in seconds; one that is issued has between one and two lives left.',
  ),
  MAX_UPLOAD_BYTES: wholeNumber(
    52_428_800,
    1,
    5 * 1024 ** 3,
    'Bytes of one upload; also what a new project starts with.',
  ),
  MAX_UPLOADS_IN_FLIGHT: wholeNumber(64, 1, 10_000, 'Uploads through this process at a time; past it callers get 503.'),
  MAX_UPLOADS_PER_PROJECT: wholeNumber(
    32,
    1,
    10_000,
    'Uploads of one project through this process at a time; past it callers get 503.',
  ),
  UPLOAD_URLS_PER_MINUTE: wholeNumber(
    100,
    1,
    1_000_000,
    'Upload URLs for one principal in a minute; past it callers get 429.',
  ),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .optional()
    .describe(
      'Where rate limits are counted for all processes together, and where they share what they answered about images. Everything works while it is away. By default each process counts and remembers for itself.',
    ),
  ...AccountEnvironment,
  ...JwtEnvironment,
  ...MessageEnvironment,
  ...ImportEnvironment,
  DELIVERY_CACHE_BYTES: wholeNumber(
    64 * 1024 * 1024,
    0,
    16 * 1024 ** 3,
    'Memory for small hot variants; 0 turns the cache off.',
  ),
  METADATA_CACHE_BYTES: wholeNumber(
    16 * 1024 * 1024,
    0,
    4 * 1024 ** 3,
    'Memory for answers about images; the database is always asked whether they still hold. 0 turns the cache off.',
  ),
  ENGINE_PROCESSES: wholeNumber(
    Math.min(availableParallelism(), MAX_PROCESSES),
    1,
    MAX_PROCESSES,
    'Processes that decode and encode; by default one per core.',
  ),
  ENGINE_TIME_LIMIT: wholeNumber(30, 1, 600, 'Seconds that one image may take.'),
  ORPHAN_GRACE: wholeNumber(3_600, 1, 30 * 86_400, 'Seconds after which an object that belongs to nothing is removed.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('What is logged.'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json').describe('Lines of JSON, or text for people.'),
  ...TelemetryEnvironment,
})

/** The configuration of the program, parsed once. Times are seconds unless the name says otherwise. */
export interface Config {
  port: number
  host: string
  dataDirectory: string
  publicUrl: string | null
  corsOrigins: readonly string[]
  trustedProxies: readonly string[]
  secretKey: string | null
  databasePoolMax: number
  databasePoolIdleSeconds: number
  uploadUrlSeconds: number
  signedUrlSeconds: number
  maxUploadBytes: number
  maxUploadsInFlight: number
  maxUploadsPerProject: number
  uploadUrlsPerMinute: number
  /** May carry a password. */
  redisUrl: string | null
  /** Who may come in, and how mails go out. */
  accounts: AccountSettings
  /** Whose tokens are good beside our own; null: nobody's. */
  jwt: JwtSettings | null
  deliveryCacheBytes: number
  metadataCacheBytes: number
  engineProcesses: number
  engineTimeLimitSeconds: number
  orphanGraceSeconds: number
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  logFormat: 'json' | 'pretty'
  /** Which parts are elsewhere, and what this process does. */
  cloud: CloudSettings
  /** What imports may read. */
  imports: ImportSettings
  /** How messages leave. */
  messages: MessageSettings
  /** What the process tells of itself. */
  telemetry: TelemetrySettings
}

/** Every problem of the environment at once, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}:\n${problems.map(line => `  ${line}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const SECRET_NAMES: readonly PropertyKey[] = [
  'SECRET_KEY',
  'REDIS_URL',
  'SMTP_URL',
  ...CLOUD_SECRETS,
  ...TELEMETRY_SECRETS,
]

/** Reads the configuration from environment variables. Empty values count as not set. Throws ConfigError. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(issue => {
        const name = issue.path[0] ?? ''
        const value = SECRET_NAMES.includes(name) ? '(hidden)' : JSON.stringify(given[String(name)])
        return `${String(name)}=${value}: ${issue.message}`
      }),
    )
  }
  const e = parsed.data
  const jwt = readJwtSettings(e)
  const accounts = readAccountSettings(e)
  const cloud = readCloudSettings(e)
  const problems = [...jwt.problems, ...accounts.problems, ...cloud.problems]
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    port: e.PORT,
    host: e.HOST,
    dataDirectory: path.resolve(e.DATA_DIR),
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    corsOrigins: e.CORS_ORIGINS.map(origin => new URL(origin).origin),
    trustedProxies: e.TRUST_PROXY,
    secretKey: e.SECRET_KEY ?? null,
    databasePoolMax: e.DATABASE_POOL_MAX,
    databasePoolIdleSeconds: e.DATABASE_POOL_IDLE,
    uploadUrlSeconds: e.UPLOAD_URL_TTL,
    signedUrlSeconds: e.SIGNED_URL_TTL,
    maxUploadBytes: e.MAX_UPLOAD_BYTES,
    maxUploadsInFlight: e.MAX_UPLOADS_IN_FLIGHT,
    maxUploadsPerProject: e.MAX_UPLOADS_PER_PROJECT,
    uploadUrlsPerMinute: e.UPLOAD_URLS_PER_MINUTE,
    redisUrl: e.REDIS_URL ?? null,
    accounts: accounts.settings,
    jwt: jwt.settings,
    deliveryCacheBytes: e.DELIVERY_CACHE_BYTES,
    metadataCacheBytes: e.METADATA_CACHE_BYTES,
    engineProcesses: e.ENGINE_PROCESSES,
    engineTimeLimitSeconds: e.ENGINE_TIME_LIMIT,
    orphanGraceSeconds: e.ORPHAN_GRACE,
    logLevel: e.LOG_LEVEL,
    logFormat: e.LOG_FORMAT,
    cloud: cloud.settings,
    imports: readImportSettings(e),
    messages: readMessageSettings(e),
    telemetry: readTelemetrySettings(e),
  }
}
