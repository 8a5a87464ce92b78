import { Aws } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { ORIGINALS, RESUMABLE, VARIANTS } from './bucket.ts'
import type { Cdn } from './cdn.ts'
import { pairsOf, type Queues } from './queues.ts'

/** What the processes may touch. */
export interface Belongings {
  bucket: Bucket
  queues: Queues
  cdn: Cdn
}

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] })

const READ = ['s3:GetObject']
const WRITE = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject']
/** An upload URL has the rights of whoever signed it. */
const INCOMING = [ORIGINALS, RESUMABLE] as const

const objects = (bucket: Bucket, prefixes: readonly string[]) =>
  prefixes.map(prefix => bucket.arnForObjects(`${prefix}*`))
/** Without it S3 says 403 of what is not there, and the health check has nothing to ask. */
const list = (bucket: Bucket) => allow(['s3:ListBucket'], [bucket.bucketArn])

/** The API takes originals in and hands out what is asked for; it makes and removes no variant. */
export const apiStatements = ({ bucket }: Belongings): PolicyStatement[] => [
  list(bucket),
  allow([...READ, ...WRITE], objects(bucket, INCOMING)),
  allow(READ, objects(bucket, VARIANTS)),
]

/** Workers read and write every object of ours, take storage events, send messages, and make the CDN forget. */
export const workerStatements = ({ bucket, queues, cdn }: Belongings): PolicyStatement[] => [
  list(bucket),
  allow([...READ, ...WRITE], objects(bucket, [...INCOMING, ...VARIANTS])),
  allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    [queues.storageEvents.queue.queueArn],
  ),
  ...(queues.detection
    ? [allow(['sqs:SendMessage', 'sqs:GetQueueAttributes'], [queues.detection.queue.queueArn])]
    : []),
  allow(
    ['cloudfront:CreateInvalidation'],
    [`arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${cdn.distribution.distributionId}`],
  ),
]

/** `doctor` does what a worker does and looks at settings; it changes none: those are this stack's. */
export const operatorStatements = (belongings: Belongings): PolicyStatement[] => [
  ...workerStatements(belongings),
  allow(['s3:GetBucketCORS', 's3:GetLifecycleConfiguration', 's3:GetBucketVersioning'], [belongings.bucket.bucketArn]),
  allow(
    ['sqs:GetQueueAttributes'],
    pairsOf(belongings.queues).map(([, pair]) => pair.dead.queueArn),
  ),
]
