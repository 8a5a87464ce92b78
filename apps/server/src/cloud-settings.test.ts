import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString()

const DATABASE_URL = 'postgres://calotype:hush@db.internal/calotype'
const CLOUD = {
  ROLES: 'api',
  DATABASE_URL,
  SECRET_KEY: 's'.repeat(32),
  PUBLIC_URL: 'https://images.example.org',
  S3_BUCKET: 'photos',
  SQS_EVENTS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/events',
}
const CLOUDFRONT = {
  CLOUDFRONT_DOMAIN: 'd1.cloudfront.net',
  CLOUDFRONT_DISTRIBUTION_ID: 'E1',
  CLOUDFRONT_KEY_PAIR_ID: 'K1',
  CLOUDFRONT_PRIVATE_KEY: PEM,
}

const MAX_AGE = { avifAndWebp: 31_536_000, jpeg: 86_400 }

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

it('is one process with everything in it unless told', () => {
  expect(readConfig({}).cloud).toEqual({
    ...{
      servesApi: true,
      servesJobs: true,
      databaseUrl: null,
      replicaUrl: null,
      region: 'us-east-1',
      maxAge: MAX_AGE,
      s3: null,
      storageEvents: null,
      cloudFront: null,
    },
  })
})

it('takes the cloud shape from its variables', () => {
  expect(readConfig({ ...CLOUD, ...CLOUDFRONT, AWS_REGION: 'eu-west-1' }).cloud).toEqual({
    ...{ servesApi: true, servesJobs: false, databaseUrl: DATABASE_URL, replicaUrl: null, region: 'eu-west-1' },
    maxAge: MAX_AGE,
    s3: { region: 'eu-west-1', bucket: 'photos', endpoint: undefined, publicEndpoint: undefined, pathStyle: undefined },
    storageEvents: { region: 'eu-west-1', queueUrl: CLOUD.SQS_EVENTS_QUEUE_URL, deadLettersUrl: null },
    cloudFront: {
      ...{ region: 'eu-west-1', domain: 'd1.cloudfront.net', distributionId: 'E1' },
      keyPairs: [{ id: 'K1', privateKey: PEM, signsFrom: undefined }],
    },
  })
  expect(readConfig({ ...CLOUD, ROLES: 'worker' }).cloud).toMatchObject({ servesApi: false, servesJobs: true })
})

it('lets shapes be mixed where that makes sense', () => {
  expect(problemsOf({ DATABASE_URL, SECRET_KEY: CLOUD.SECRET_KEY })).toEqual([])
  expect(problemsOf({ S3_BUCKET: 'photos', S3_ENDPOINT: 'http://minio:9000', S3_PATH_STYLE: 'no' })).toEqual([])
  const s3 = readConfig({ S3_BUCKET: 'p', S3_ENDPOINT: 'http://minio:9000', S3_PATH_STYLE: 'yes' }).cloud.s3
  expect(s3).toMatchObject({ publicEndpoint: 'http://minio:9000', pathStyle: true })
})

it('names everything that is missing at once', () => {
  const problems = problemsOf({
    ...{ ROLES: 'worker', SQS_EVENTS_DLQ_URL: 'https://sqs/dlq', S3_ENDPOINT: 'http://minio:9000' },
    ...{ CLOUDFRONT_DOMAIN: 'd1.cloudfront.net', CLOUDFRONT_NEXT_KEY_PAIR_ID: 'K2' },
  })
  expect(problems.map(problem => problem.split(' ')[0]).sort()).toEqual(
    [
      ...['DATABASE_URL', 'S3_BUCKET', 'PUBLIC_URL', 'S3_ENDPOINT', 'CLOUDFRONT_DOMAIN', 'SQS_EVENTS_DLQ_URL'],
      ...['CLOUDFRONT_DISTRIBUTION_ID', 'CLOUDFRONT_KEY_PAIR_ID', 'CLOUDFRONT_PRIVATE_KEY'],
      ...['CLOUDFRONT_NEXT_PRIVATE_KEY', 'CLOUDFRONT_NEXT_KEY_FROM', 'CLOUDFRONT_NEXT_KEY_PAIR_ID'],
    ].sort(),
  )
  expect(problemsOf({ DATABASE_URL })).toEqual([expect.stringMatching(/^SECRET_KEY is missing/)])
  expect(problemsOf({ ROLES: 'everything', AUTH: 'x' })).toHaveLength(2)
})

it('never repeats what is secret', () => {
  const problems = problemsOf({
    ...CLOUD,
    ...CLOUDFRONT,
    CLOUDFRONT_PRIVATE_KEY: 'hush hush',
    DATABASE_URL: 'mysql://a:hush@b',
  })
  expect(problems).toEqual(['DATABASE_URL=(hidden): must be a postgres:// or postgresql:// URL'])
  const [key] = problemsOf({ ...CLOUD, ...CLOUDFRONT, CLOUDFRONT_PRIVATE_KEY: 'hush hush' })
  expect(key).toMatch(/^CLOUDFRONT_PRIVATE_KEY=\(hidden\): is no private key/)
})

it('takes private keys as PEM, as PEM on one line, and from files, and a second one for a rotation', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'calotype-keys-'))
  const file = path.join(directory, 'key.pem')
  await writeFile(file, PEM)
  const from = '2031-01-01T00:00:00Z'
  const { cloud } = readConfig({
    ...{ ...CLOUD, ...CLOUDFRONT, CLOUDFRONT_PRIVATE_KEY: PEM.replaceAll('\n', '\\n') },
    ...{ CLOUDFRONT_NEXT_KEY_PAIR_ID: 'K2', CLOUDFRONT_NEXT_PRIVATE_KEY: file, CLOUDFRONT_NEXT_KEY_FROM: from },
  })
  expect(cloud.cloudFront?.keyPairs).toEqual([
    { id: 'K1', privateKey: PEM, signsFrom: undefined },
    { id: 'K2', privateKey: PEM, signsFrom: new Date(from) },
  ])
  await rm(directory, { recursive: true })
})

it('takes other times for what caches keep, of up to a year', () => {
  const other = readConfig({ ...CLOUD, CDN_MAX_AGE: '600', CDN_MAX_AGE_JPEG: '60' })
  expect(other.cloud.maxAge).toEqual({ avifAndWebp: 600, jpeg: 60 })
  expect(problemsOf({ ...CLOUD, CDN_MAX_AGE: '31536001' })).toEqual([expect.stringMatching(/^CDN_MAX_AGE=/)])
})
