import {
  type CORSRule,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { nameOf, onStorage } from '../client/failures.ts'
import { createS3Client, type S3Connection } from './s3-client.ts'
import { abortRule, corsDifferences, corsRuleFor, lifecycleDifferences, RULE_PREFIX } from './storage-rules.ts'

export interface S3StorageSettingsConfig extends S3Connection {
  /** Origins of the pages that upload; without any, no page may. */
  corsOrigins: readonly string[]
}

export interface S3StorageSettings {
  /** Writes our CORS and lifecycle rules to the bucket; rules of others stay. May be repeated. */
  apply(): Promise<void>
  /** What differs from that, one line each; empty when all is well. Changes nothing. */
  check(): Promise<readonly string[]>
}

const isOurs = ({ ID }: { ID?: string | undefined }): boolean => ID?.startsWith(RULE_PREFIX) ?? false

/** Settings of the bucket that uploads depend upon. */
export function createS3StorageSettings(config: S3StorageSettingsConfig): S3StorageSettings {
  const client = createS3Client(config)
  const { bucket, corsOrigins } = config
  const cors = corsOrigins.length > 0 ? [corsRuleFor(corsOrigins)] : []
  return {
    apply: () =>
      onStorage(async () => {
        await applyCors(client, bucket, cors)
        await applyLifecycle(client, bucket)
      }),
    check: () =>
      onStorage(async () => {
        const rules = await readCors(client, bucket)
        const lifecycle = await readLifecycle(client, bucket)
        return [
          ...cors.flatMap(wanted =>
            corsDifferences(
              rules.find(rule => rule.ID === wanted.ID),
              wanted,
            ),
          ),
          ...lifecycleDifferences(lifecycle),
          ...(await versioningDifferences(client, bucket, lifecycle)),
        ]
      }),
  }
}

async function applyCors(client: S3Client, bucket: string, ours: readonly CORSRule[]): Promise<void> {
  const others = (await readCors(client, bucket)).filter(rule => !isOurs(rule))
  const CORSRules = [...others, ...ours]
  if (CORSRules.length === 0) return
  await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }))
}

async function applyLifecycle(client: S3Client, bucket: string): Promise<void> {
  const others = (await readLifecycle(client, bucket)).filter(rule => !isOurs(rule))
  const LifecycleConfiguration = { Rules: [...others, abortRule] }
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }))
}

async function readCors(client: S3Client, bucket: string): Promise<readonly CORSRule[]> {
  const answer = await orNone(client.send(new GetBucketCorsCommand({ Bucket: bucket })), 'NoSuchCORSConfiguration')
  return answer?.CORSRules ?? []
}

async function readLifecycle(client: S3Client, bucket: string): Promise<readonly LifecycleRule[]> {
  const asked = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
  return (await orNone(asked, 'NoSuchLifecycleConfiguration'))?.Rules ?? []
}

/** A bucket that keeps versions frees nothing on deletion, unless a rule takes old versions away. */
async function versioningDifferences(client: S3Client, bucket: string, rules: readonly LifecycleRule[]) {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))
  const freed = rules.some(rule => rule.Status === 'Enabled' && rule.NoncurrentVersionExpiration !== undefined)
  return Status === undefined || freed
    ? []
    : [`versioning: it is ${Status}, so that what is deleted is kept and billed`]
}

/** Null where the bucket has no such settings yet. */
async function orNone<T>(asked: Promise<T>, name: string): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (nameOf(error) === name) return null
    throw error
  }
}
