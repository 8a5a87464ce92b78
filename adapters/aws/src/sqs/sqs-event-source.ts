import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { loggable, translateFor } from '../client/failures.ts'
import { type AwsLog, silentLog } from '../client/log.ts'
import { realSleep } from '../client/retries.ts'
import { createQueueClient, type QueueConnection } from './queue-client.ts'
import { describeQueue, readQueueState } from './queue-state.ts'
import { type DeadLetters, FIRST_RETRY_SECONDS, type Queue, settleBatch } from './settle-batch.ts'
import type { StorageEventHandler } from './storage-event.ts'

/** Requirement Q4, and the most that SQS gives. */
export const LONG_POLL_SECONDS = 20
export const RECEIVE_BATCH = 10
/** How long a message is ours before others see it; prolonged while it is worked on. */
export const VISIBILITY_SECONDS = 60
/** Waits after a failed receive; the last one goes on. */
const BACK_OFF_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000]

export interface SqsEventSourceConfig extends QueueConnection {
  /** Events of other buckets are not ours. */
  bucket: string
  /** For queues without a redrive policy of their own: where messages go that were received this often. */
  deadLetters?: DeadLetters | undefined
  waitSeconds?: number | undefined
  visibilitySeconds?: number | undefined
  /** Until a message that failed for the first time comes again; doubled with each further try. */
  firstRetrySeconds?: number | undefined
  log?: AwsLog | undefined
  /** Hears of messages that lead to no handler: none of ours, or gone to the dead letters. */
  onDropped?: ((why: 'ignored' | 'dead') => void) | undefined
}

export interface SqsEventSource {
  /** Begins to receive. Each event comes at least once, in any order, and up to ten at a time. */
  start(handle: StorageEventHandler): void
  /** Resolves with what the queue says of itself, like `3 waiting, 1 dead letter`; rejects with `queue_unavailable`. */
  check(): Promise<string>
  /** Takes no more, lets the handlers that run end, and settles their messages. */
  close(): Promise<void>
}

/** Storage events from S3 by way of SQS. */
export function createSqsEventSource(config: SqsEventSourceConfig): SqsEventSource {
  // A long poll has its own rhythm of repeating; deleting and prolonging are tried again like any other call.
  const receiver = createQueueClient(config, 'none')
  const client = createQueueClient(config, 'few')
  const { queueUrl, bucket, deadLetters = null, log = silentLog, onDropped = () => {} } = config
  const visibilitySeconds = config.visibilitySeconds ?? VISIBILITY_SECONDS
  const firstRetrySeconds = config.firstRetrySeconds ?? FIRST_RETRY_SECONDS
  const queue: Queue = { client, queueUrl, bucket, deadLetters, visibilitySeconds, firstRetrySeconds, log, onDropped }
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let started = false

  const receive = async () => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: RECEIVE_BATCH,
      WaitTimeSeconds: config.waitSeconds ?? LONG_POLL_SECONDS,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    })
    return (await receiver.send(command, { abortSignal: stopping.signal })).Messages ?? []
  }
  const loop = async (handle: StorageEventHandler) => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        const messages = await receive()
        failures = 0
        if (messages.length > 0) await settleBatch(queue, messages, handle)
      } catch (error) {
        if (stopping.signal.aborted) return
        log.warn({ error: loggable(error), failures }, 'Storage events could not be received')
        await pause(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 0)
        failures += 1
      }
    }
  }
  const pause = async (milliseconds: number): Promise<void> => {
    const { promise: stopped, resolve } = Promise.withResolvers<void>()
    const stop = () => resolve()
    stopping.signal.addEventListener('abort', stop)
    await Promise.race([stopped, (config.sleep ?? realSleep)(milliseconds)])
    stopping.signal.removeEventListener('abort', stop)
  }
  return {
    start: handle => {
      if (started) throw new Error('An event source starts once')
      started = true
      running = loop(handle)
    },
    check: async () => {
      try {
        const signal = AbortSignal.timeout(5_000)
        const deadLettersUrl = deadLetters?.queueUrl ?? null
        return describeQueue(await readQueueState(receiver, { queueUrl, deadLettersUrl }, signal))
      } catch (error) {
        throw translateFor('queue', error)
      }
    },
    close: async () => {
      stopping.abort()
      await running
      receiver.destroy()
      client.destroy()
    },
  }
}
