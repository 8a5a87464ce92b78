import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' })

const MAX_AGE = 31_536_000
const keptFor = (fallback: number, description: string) =>
  z.coerce.number().int().min(0).max(MAX_AGE).default(fallback).describe(description)

/** Environment variables of the parts that are not in this process: database, storage, queues, CDN. */
export const CloudEnvironment = {
  ROLES: z
    .enum(['all', 'api', 'worker'])
    .default('all')
    .describe(
      'What this process does: `api` answers HTTP, `worker` runs jobs and takes storage events, `all` both. Other than `all` needs DATABASE_URL and S3_BUCKET.',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// or postgresql:// URL')
    .optional()
    .describe(
      'A PostgreSQL (15 or later) of your own, prepared once by `node apps/server/src/main.ts init`. By default one is run in DATA_DIR.',
    ),
  DATABASE_REPLICA_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// or postgresql:// URL')
    .optional()
    .describe(
      'A read replica of that database. Searches and the later pages of lists go there, while it answers; everything else asks the primary.',
    ),
  AWS_REGION: z.string().min(1).default('us-east-1').describe('Region of bucket, queues and CDN.'),
  S3_BUCKET: z.string().min(1).optional().describe('Bucket for all bytes. By default they are kept in DATA_DIR/blobs.'),
  S3_ENDPOINT: httpUrl.optional().describe('Storage that is compatible with S3, as this server reaches it.'),
  S3_PUBLIC_ENDPOINT: httpUrl
    .optional()
    .describe('The same storage as clients reach it: upload URLs begin with it. By default S3_ENDPOINT.'),
  S3_PATH_STYLE: z
    .enum(['yes', 'no'])
    .optional()
    .describe(
      '`yes` puts the bucket’s name into the path instead of the host. By default yes with S3_ENDPOINT, else no.',
    ),
  CDN_MAX_AGE: keptFor(
    MAX_AGE,
    'Seconds that browsers of public images, and the edges of a CDN before the bucket, keep AVIF and WebP.',
  ),
  CDN_MAX_AGE_JPEG: keptFor(86_400, 'The same for JPEG.'),
  SQS_EVENTS_QUEUE_URL: httpUrl
    .optional()
    .describe(
      'Queue of the bucket’s events. Without it clients must call complete; what they forget is found within minutes.',
    ),
  SQS_EVENTS_DLQ_URL: httpUrl
    .optional()
    .describe('Where events go that failed too often, for a queue without a redrive policy of its own.'),
  CLOUDFRONT_DOMAIN: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)+$/, 'must be a host name')
    .optional()
    .describe('Domain of the distribution before the bucket. By default this server delivers by itself, at /cdn.'),
  CLOUDFRONT_DISTRIBUTION_ID: z
    .string()
    .regex(/^\w+$/, 'must be the id of a distribution')
    .optional()
    .describe('Id of that distribution, to make its edges forget what was deleted.'),
  CLOUDFRONT_KEY_PAIR_ID: z
    .string()
    .regex(/^\w+$/, 'must be the id of a public key')
    .optional()
    .describe('Id of the public key that the distribution trusts.'),
  CLOUDFRONT_PRIVATE_KEY: z
    .string()
    .optional()
    .describe('Its private key, RSA with 2,048 bits or ECDSA on P-256: as PEM, or the path of a PEM file.'),
  CLOUDFRONT_NEXT_KEY_PAIR_ID: z
    .string()
    .regex(/^\w+$/, 'must be the id of a public key')
    .optional()
    .describe('During a rotation: the id of the key that takes over.'),
  CLOUDFRONT_NEXT_PRIVATE_KEY: z.string().optional().describe('Its private key, as PEM or the path of a PEM file.'),
  CLOUDFRONT_NEXT_KEY_FROM: z.iso
    .datetime({ offset: true, error: 'must be a time like 2030-01-31T12:00:00Z' })
    .optional()
    .describe('When it takes over: URLs that expire later are signed with it, by all processes at once.'),
}

const Fields = z.object(CloudEnvironment)
type Fields = z.infer<typeof Fields>

/** What must not be repeated in a message. */
export const CLOUD_SECRETS: readonly string[] = [
  'DATABASE_URL',
  'DATABASE_REPLICA_URL',
  'CLOUDFRONT_PRIVATE_KEY',
  'CLOUDFRONT_NEXT_PRIVATE_KEY',
]

export interface S3Settings {
  region: string
  bucket: string
  endpoint: string | undefined
  /** As clients reach it. */
  publicEndpoint: string | undefined
  /** Undefined: by the adapter's own rule. */
  pathStyle: boolean | undefined
}

export interface QueueSettings {
  region: string
  queueUrl: string
  deadLettersUrl: string | null
}

export interface CdnKey {
  id: string
  /** PEM. */
  privateKey: string
  signsFrom: Date | undefined
}

export interface CdnSettings {
  region: string
  domain: string
  distributionId: string
  keyPairs: readonly CdnKey[]
}

/** Null parts are in this process. */
export interface CloudSettings {
  servesApi: boolean
  servesJobs: boolean
  /** May carry a password. */
  databaseUrl: string | null
  /** May carry a password, too. */
  replicaUrl: string | null
  /** Of AWS, for whatever has no region of its own. */
  region: string
  /** Seconds that caches may keep public variants, and the edges of a CDN all of them. */
  maxAge: { avifAndWebp: number; jpeg: number }
  s3: S3Settings | null
  storageEvents: QueueSettings | null
  cloudFront: CdnSettings | null
}

/** What the variables mean together, and every contradiction between them. */
export function readCloudSettings(e: Fields & { SECRET_KEY?: string | undefined; PUBLIC_URL?: string | undefined }): {
  settings: CloudSettings
  problems: string[]
} {
  const problems = findContradictions(e)
  const region = e.AWS_REGION
  const keyPairs = readKeyPairs(e, problems)
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, SQS_EVENTS_QUEUE_URL: queueUrl } = e
  const { CLOUDFRONT_DOMAIN: domain, CLOUDFRONT_DISTRIBUTION_ID: distributionId } = e
  const pathStyle = e.S3_PATH_STYLE === undefined ? undefined : e.S3_PATH_STYLE === 'yes'
  const publicEndpoint = e.S3_PUBLIC_ENDPOINT ?? endpoint
  const deadLettersUrl = e.SQS_EVENTS_DLQ_URL ?? null
  const settings = {
    servesApi: e.ROLES !== 'worker',
    servesJobs: e.ROLES !== 'api',
    databaseUrl: e.DATABASE_URL ?? null,
    replicaUrl: e.DATABASE_REPLICA_URL ?? null,
    region,
    maxAge: { avifAndWebp: e.CDN_MAX_AGE, jpeg: e.CDN_MAX_AGE_JPEG },
    s3: bucket === undefined ? null : { region, bucket, endpoint, publicEndpoint, pathStyle },
    storageEvents: queueUrl === undefined ? null : { region, queueUrl, deadLettersUrl },
    cloudFront:
      domain === undefined || distributionId === undefined ? null : { region, domain, distributionId, keyPairs },
  }
  return { settings, problems }
}

type Input = Parameters<typeof readCloudSettings>[0]

function findContradictions(e: Input): string[] {
  const rules: [boolean, string][] = [
    [
      e.DATABASE_URL !== undefined && e.SECRET_KEY === undefined,
      'SECRET_KEY is missing: with DATABASE_URL every process has to have the same one',
    ],
    [
      e.ROLES !== 'all' && e.DATABASE_URL === undefined,
      `DATABASE_URL is missing: ROLES=${e.ROLES} works on a database that other processes reach, too`,
    ],
    [
      e.ROLES !== 'all' && e.S3_BUCKET === undefined,
      `S3_BUCKET is missing: ROLES=${e.ROLES} works on bytes that other processes reach, too`,
    ],
    [
      e.ROLES !== 'all' && e.PUBLIC_URL === undefined,
      `PUBLIC_URL is missing: with ROLES=${e.ROLES} every process has to give the same address`,
    ],
    ...needs(e, 'DATABASE_URL', ['DATABASE_REPLICA_URL']),
    ...needs(e, 'S3_BUCKET', [
      'S3_ENDPOINT',
      'S3_PUBLIC_ENDPOINT',
      'S3_PATH_STYLE',
      'SQS_EVENTS_QUEUE_URL',
      'CLOUDFRONT_DOMAIN',
    ]),
    ...needs(e, 'SQS_EVENTS_QUEUE_URL', ['SQS_EVENTS_DLQ_URL']),
    ...together(e, [
      'CLOUDFRONT_DOMAIN',
      'CLOUDFRONT_DISTRIBUTION_ID',
      'CLOUDFRONT_KEY_PAIR_ID',
      'CLOUDFRONT_PRIVATE_KEY',
    ]),
    ...together(e, ['CLOUDFRONT_NEXT_KEY_PAIR_ID', 'CLOUDFRONT_NEXT_PRIVATE_KEY', 'CLOUDFRONT_NEXT_KEY_FROM']),
    ...needs(e, 'CLOUDFRONT_KEY_PAIR_ID', ['CLOUDFRONT_NEXT_KEY_PAIR_ID']),
  ]
  return rules.flatMap(([broken, problem]) => (broken ? [problem] : []))
}

const needs = (e: Input, name: keyof Input, dependents: readonly (keyof Input)[]): [boolean, string][] =>
  dependents.map(dependent => [
    e[dependent] !== undefined && e[name] === undefined,
    `${dependent} means nothing without ${name}`,
  ])

/** All of them or none. */
function together(e: Input, names: readonly (keyof Input)[]): [boolean, string][] {
  const given = names.filter(name => e[name] !== undefined)
  return names.map(name => [
    given.length > 0 && e[name] === undefined,
    `${name} is missing: it belongs to ${given.join(', ')}`,
  ])
}

function readKeyPairs(e: Input, problems: string[]): CdnKey[] {
  const pair = (
    id: string | undefined,
    name: 'CLOUDFRONT_PRIVATE_KEY' | 'CLOUDFRONT_NEXT_PRIVATE_KEY',
    from?: string,
  ) => {
    const given = e[name]
    if (id === undefined || given === undefined) return []
    const privateKey = readPrivateKey(given)
    if (privateKey === null)
      problems.push(`${name}=(hidden): is no private key as PEM, nor the path of a file with one`)
    return privateKey === null ? [] : [{ id, privateKey, signsFrom: from === undefined ? undefined : new Date(from) }]
  }
  return [
    ...pair(e.CLOUDFRONT_KEY_PAIR_ID, 'CLOUDFRONT_PRIVATE_KEY'),
    ...pair(e.CLOUDFRONT_NEXT_KEY_PAIR_ID, 'CLOUDFRONT_NEXT_PRIVATE_KEY', e.CLOUDFRONT_NEXT_KEY_FROM),
  ]
}

/** The PEM, which may have come with `\n` in two characters, as files of variables have it. */
function readPrivateKey(given: string): string | null {
  try {
    const pem = given.startsWith('-----BEGIN') ? given.replaceAll('\\n', '\n') : readFileSync(given, 'utf8')
    createPrivateKey(pem)
    return pem
  } catch {
    return null
  }
}
