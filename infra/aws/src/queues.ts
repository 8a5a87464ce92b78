import { Aws, Duration } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'

/** Tries before a message is a dead letter: about two hours with the pauses that workers make between them. */
export const MAX_RECEIVES = 12
/** What workers ask for with each receive, too. */
const VISIBILITY = Duration.seconds(60)
const LONG_POLL = Duration.seconds(20)
/** The most that SQS keeps: dead letters wait for a person, events for workers that come back. */
const RETENTION = Duration.days(14)

/** A queue and where its messages go that failed too often. */
export interface QueuePair {
  queue: Queue
  dead: Queue
}

export interface Queues {
  /** What S3 says of uploads. */
  storageEvents: QueuePair
  /** Messages to the detection pipeline, which reads them here; null where it asks the API instead. */
  detection: QueuePair | null
}

/** The queues, encrypted, and by TLS only. */
export function createQueues(scope: Construct, { detectionQueue }: Deployment, bucketArn: string): Queues {
  const storageEvents = createPair(scope, 'StorageEvents')
  storageEvents.queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [storageEvents.queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': bucketArn }, StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  )
  return { storageEvents, detection: detectionQueue ? createPair(scope, 'Detection') : null }
}

function createPair(scope: Construct, id: string): QueuePair {
  const queueLike = {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    visibilityTimeout: VISIBILITY,
    receiveMessageWaitTime: LONG_POLL,
  }
  const dead = new Queue(scope, `${id}Dead`, queueLike)
  return {
    queue: new Queue(scope, id, { ...queueLike, deadLetterQueue: { queue: dead, maxReceiveCount: MAX_RECEIVES } }),
    dead,
  }
}

export const pairsOf = ({ storageEvents, detection }: Queues): readonly (readonly [id: string, pair: QueuePair])[] => [
  ['StorageEvents', storageEvents],
  ...(detection ? [['Detection', detection] as const] : []),
]
