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
import { isUnsupported, nameOf, onStorage } from '../client/failures.ts'
import { createS3Client, type S3Connection } from './s3-client.ts'
import {
  abortRule,
  corsDifferences,
  corsRuleFor,
  type Difference,
  lifecycleDifferences,
  others,
  RULE_PREFIX,
  type SettingsPart,
} from './storage-rules.ts'

export interface S3StorageSettingsConfig extends S3Connection {
  /** Origins of the pages that upload; without any, no page may. */
  corsOrigins: readonly string[]
}

/** The bucket's settings beside what they should be. */
export interface SettingsReport {
  differences: readonly Difference[]
  /** What this storage, being only compatible, has no call for. */
  unsupported: readonly SettingsPart[]
}

export interface S3StorageSettings {
  /** Writes our CORS and lifecycle rules to the bucket; rules of others stay. May be repeated. Resolves with what storage does not know. */
  apply(): Promise<readonly SettingsPart[]>
  /** What differs from that. Changes nothing. */
  check(): Promise<SettingsReport>
  close(): void
}

const isOurs = ({ ID }: { ID?: string | undefined }): boolean => ID?.startsWith(RULE_PREFIX) ?? false

/** Settings of the bucket that uploads depend upon. */
export function createS3StorageSettings(config: S3StorageSettingsConfig): S3StorageSettings {
  const client = createS3Client(config)
  const { bucket, corsOrigins } = config
  const wanted = corsOrigins.length > 0 ? corsRuleFor(corsOrigins) : null
  const compare: Record<SettingsPart, () => Promise<Difference[]>> = {
    CORS: async () => (wanted === null ? [] : closestCors(await readCors(client, bucket), wanted)),
    lifecycle: async () => lifecycleDifferences(await readLifecycle(client, bucket)),
    versioning: () => versioningDifferences(client, bucket),
  }
  const write = {
    CORS: () => applyCors(client, bucket, wanted === null ? [] : [wanted]),
    lifecycle: () => applyLifecycle(client, bucket),
  }
  return {
    apply: () => onStorage(async () => (await whereSupported(write)).unsupported),
    check: () =>
      onStorage(async () => {
        const { answers, unsupported } = await whereSupported(compare)
        return { differences: answers.flat(), unsupported }
      }),
    close: () => client.destroy(),
  }
}

/** Runs each part; one that the storage has no call for is named instead. */
async function whereSupported<T>(work: Partial<Record<SettingsPart, () => Promise<T>>>) {
  const answers: T[] = []
  const unsupported: SettingsPart[] = []
  for (const part of ['CORS', 'lifecycle', 'versioning'] as const) {
    const run = work[part]
    if (!run) continue
    try {
      answers.push(await run())
    } catch (error) {
      if (!isUnsupported(error)) throw error
      unsupported.push(part)
    }
  }
  return { answers, unsupported }
}

/** By our rule, or by one that says the same: not every storage keeps the names of rules. */
function closestCors(rules: readonly CORSRule[], wanted: CORSRule): Difference[] {
  if (rules.some(rule => corsDifferences(rule, wanted).length === 0)) return []
  return corsDifferences(
    rules.find(rule => rule.ID === wanted.ID),
    wanted,
  )
}

async function applyCors(client: S3Client, bucket: string, ours: readonly CORSRule[]): Promise<void> {
  const written = (rule: CORSRule) => ours.some(own => corsDifferences(rule, own).length === 0)
  const foreign = (await readCors(client, bucket)).filter(rule => !isOurs(rule) && !written(rule))
  const CORSRules = [...foreign, ...ours]
  if (CORSRules.length === 0) return
  await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }))
}

async function applyLifecycle(client: S3Client, bucket: string): Promise<void> {
  const foreign = (await readLifecycle(client, bucket)).filter(rule => !isOurs(rule))
  const LifecycleConfiguration = { Rules: [...foreign, abortRule] }
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
async function versioningDifferences(client: S3Client, bucket: string): Promise<Difference[]> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))
  if (Status === undefined) return []
  const rules = await readLifecycle(client, bucket)
  const freed = rules.some(rule => rule.Status === 'Enabled' && rule.NoncurrentVersionExpiration !== undefined)
  if (freed) return []
  return [others('versioning', `${Status}: what is deleted is kept and billed`, 'off, or a rule expires old versions')]
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
