import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { translateFor } from '../client/failures.ts'
import { createQueueClient, type QueueConnection } from './queue-client.ts'
import { type QueueState, readQueueState } from './queue-state.ts'
import { RECEIVE_BATCH } from './sqs-event-source.ts'
import { parseStorageMessage } from './storage-event.ts'

/** Messages of others that are held meanwhile; a queue with more of them wants a worker, not a probe. */
export const MAX_HELD = 100
/** How long a message of others stays held when nobody gives it back. */
const HELD_SECONDS = 60
const WAIT_SECONDS = 1

export interface SqsProbeQueue {
  state(): Promise<QueueState>
  /** Waits a second for messages, removes those about probes and resolves with the probes' ids. Others are held, so that they come once. */
  takeProbes(): Promise<readonly string[]>
  /** Gives back what was held. */
  close(): Promise<void>
}

interface Config extends QueueConnection {
  deadLettersUrl: string | null
  bucket: string
  isProbe(imageId: string): boolean
}

/** The queue of storage events in the hands of somebody who only wants to know whether it works. Rejects with `queue_unavailable`. */
export function createSqsProbeQueue(config: Config): SqsProbeQueue {
  const timeouts = { connect: 5_000, answer: 10_000 }
  const client = createQueueClient({ ...config, timeouts }, 'none')
  const { queueUrl: QueueUrl, bucket, isProbe } = config
  const held: Message[] = []
  const onQueue = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw translateFor('queue', error)
    }
  }
  const probesIn = ({ Body = '' }: Message): readonly string[] =>
    parseStorageMessage(Body, bucket).events.flatMap(({ imageId }) => (isProbe(imageId) ? [imageId] : []))
  const giveBack = async ({ ReceiptHandle }: Message) => {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
  }
  return {
    state: () => onQueue(() => readQueueState(client, config)),
    takeProbes: () =>
      onQueue(async () => {
        if (held.length >= MAX_HELD) throw new Error(`More than ${MAX_HELD} other messages wait in the queue`)
        const receive = { QueueUrl, MaxNumberOfMessages: RECEIVE_BATCH, WaitTimeSeconds: WAIT_SECONDS }
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({ ...receive, VisibilityTimeout: HELD_SECONDS }),
        )
        const found: string[] = []
        for (const message of Messages) {
          const probes = probesIn(message)
          found.push(...probes)
          if (probes.length === 0) held.push(message)
          else await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }))
        }
        return found
      }),
    close: async () => {
      // What cannot be given back comes by itself when its time is over.
      await Promise.allSettled(held.splice(0).map(giveBack))
      client.destroy()
    },
  }
}
