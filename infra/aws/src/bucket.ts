import { abortRule, corsRuleFor, RULE_PREFIX } from '@calotype/aws/storage-rules'
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type CorsRule,
  HttpMethods,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'

/** Where originals are: sent by clients, announced to the queue, and on no path of the CDN. */
export const ORIGINALS = 'uploads/'
/** Where pieces of resumable uploads are until they are whole. */
export const RESUMABLE = 'resumable/'
/** Where variants are. */
export const VARIANTS = ['private/', 'public/'] as const

/** Known before the bucket is there: the queue has to let it in first. */
export const bucketNameOf = ({ name }: Deployment): string => `${name}-photos-${Aws.ACCOUNT_ID}-${Aws.REGION}`
export const bucketArnOf = (deployment: Deployment): string => `arn:${Aws.PARTITION}:s3:::${bucketNameOf(deployment)}`

/**
 * The bucket for all bytes. It keeps no versions: keys are never written twice, deletion is undone by the product until its retention ends, and
 * what is deleted then has to be gone. Its rules are owned by this stack, and the same as `storage apply` would write.
 */
export function createBucket(scope: Construct, deployment: Deployment, events: Queue): Bucket {
  const bucket = new Bucket(scope, 'Photos', {
    bucketName: bucketNameOf(deployment),
    // With KMS an ETag would not be the MD5 that a repeated write is recognised by.
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: false,
    removalPolicy: RemovalPolicy.RETAIN,
    cors: [corsRule([`https://${deployment.domain}`, ...deployment.corsOrigins])],
    lifecycleRules: lifecycleRules(deployment),
  })
  // The construct for notifications would add a function that may change every bucket of the account.
  const resource = cfnBucket(bucket)
  resource.notificationConfiguration = {
    queueConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        queue: events.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: ORIGINALS }] } },
      },
    ],
  }
  // S3 asks the queue when the notification is made.
  resource.node.addDependency(events)
  return bucket
}

/** To CDK the resource below a bucket is a construct of whatever kind. */
const cfnBucket = (bucket: Bucket): CfnBucket => bucket.node.defaultChild as CfnBucket

const METHODS: Readonly<Record<string, HttpMethods>> = { PUT: HttpMethods.PUT, POST: HttpMethods.POST }

function corsRule(origins: readonly string[]): CorsRule {
  const {
    ID,
    AllowedOrigins = [],
    AllowedMethods = [],
    AllowedHeaders,
    ExposeHeaders,
    MaxAgeSeconds,
  } = corsRuleFor(origins)
  return {
    id: ID,
    allowedOrigins: AllowedOrigins,
    allowedMethods: AllowedMethods.flatMap(method => METHODS[method] ?? []),
    allowedHeaders: AllowedHeaders,
    exposedHeaders: ExposeHeaders,
    maxAge: MaxAgeSeconds,
  }
}

function lifecycleRules({ archiveOriginalsAfterDays: days }: Deployment): LifecycleRule[] {
  const { DaysAfterInitiation } = abortRule.AbortIncompleteMultipartUpload
  const abort = { id: abortRule.ID, abortIncompleteMultipartUploadAfter: Duration.days(DaysAfterInitiation) }
  if (days === undefined) return [abort]
  const transition = { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(days) }
  return [abort, { id: `${RULE_PREFIX}archive-originals`, prefix: ORIGINALS, transitions: [transition] }]
}
