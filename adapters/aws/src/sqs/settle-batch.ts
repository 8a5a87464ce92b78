import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { loggable } from '../client/failures.ts'
import type { AwsLog } from '../client/log.ts'
import { parseStorageMessage, type StorageEventHandler } from './storage-event.ts'

export interface DeadLetters {
  queueUrl: string
  /** Tries that a message has. */
  maxReceives: number
}

export interface Queue {
  client: SQSClient
  queueUrl: string
  bucket: string
  deadLetters: DeadLetters | null
  visibilitySeconds: number
  firstRetrySeconds: number
  log: AwsLog
  /** Hears of what leads to no handler: none of ours, or gone to the dead letters. */
  onDropped(why: 'ignored' | 'dead'): void
}

export const FIRST_RETRY_SECONDS = 5
/** However often it failed, it comes again within this time. */
export const MAX_RETRY_SECONDS = 900

type Outcome = 'remove' | 'again' | 'dead'

/**
 * Handles the messages of one receive at the same time, keeps them ours meanwhile, and settles them: what is done or none of ours is
 * removed, what failed comes again later, what failed too often goes to the dead letters. Never rejects.
 */
export async function settleBatch(
  queue: Queue,
  messages: readonly Message[],
  handle: StorageEventHandler,
): Promise<void> {
  const prolong = () =>
    void changeVisibility(
      queue,
      messages.map(message => [message, queue.visibilitySeconds] as const),
    )
  const heartbeat = setInterval(prolong, (queue.visibilitySeconds * 1000) / 3)
  try {
    const outcomes = await Promise.all(messages.map(message => outcomeOf(queue, message, handle)))
    const those = (outcome: Outcome) => messages.filter((_, index) => outcomes[index] === outcome)
    const buried = await bury(queue, those('dead'))
    clearInterval(heartbeat)
    await remove(queue, [...those('remove'), ...buried])
    await changeVisibility(
      queue,
      those('again').map(message => [message, retrySeconds(queue, message)] as const),
    )
  } finally {
    clearInterval(heartbeat)
  }
}

const receivesOf = (message: Message): number => Number(message.Attributes?.ApproximateReceiveCount ?? 1)
const retrySeconds = (queue: Queue, message: Message): number =>
  Math.min(queue.firstRetrySeconds * 2 ** Math.max(0, receivesOf(message) - 1), MAX_RETRY_SECONDS)

async function outcomeOf(queue: Queue, message: Message, handle: StorageEventHandler): Promise<Outcome> {
  const { log, deadLetters, bucket } = queue
  const receives = receivesOf(message)
  // It was given out that often and nobody lived to tell.
  if (deadLetters && receives > deadLetters.maxReceives) return 'dead'
  const { events, ignored } = parseStorageMessage(message.Body ?? '', bucket)
  for (const reason of ignored) {
    const level = reason === 's3:TestEvent' ? 'info' : 'warn'
    log[level]({ messageId: message.MessageId, reason }, 'A message that is no upload of ours was removed')
    queue.onDropped('ignored')
  }
  let outcome: Outcome = 'remove'
  for (const event of events) {
    try {
      if ((await handle(event)) === 'retry') outcome = 'again'
    } catch (error) {
      log.warn({ objectKey: event.objectKey, receives, error: loggable(error) }, 'A storage event could not be handled')
      outcome = 'again'
    }
  }
  return outcome === 'again' && deadLetters && receives >= deadLetters.maxReceives ? 'dead' : outcome
}

/** Moves messages to the dead letters; resolves with those that arrived there. */
async function bury(queue: Queue, messages: readonly Message[]): Promise<readonly Message[]> {
  const buried: Message[] = []
  for (const message of messages) {
    try {
      const QueueUrl = queue.deadLetters?.queueUrl
      await queue.client.send(new SendMessageCommand({ QueueUrl, MessageBody: message.Body }))
      buried.push(message)
      queue.onDropped('dead')
      queue.log.warn(
        { code: 'dead_letter', messageId: message.MessageId, receives: receivesOf(message) },
        'A message went to the dead letters',
      )
    } catch (error) {
      queue.log.warn({ messageId: message.MessageId, error: loggable(error) }, 'A dead letter could not be moved')
    }
  }
  return buried
}

/** What cannot be removed comes again, and handlers are made for that. */
async function remove(queue: Queue, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return
  const Entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }))
  try {
    const { Failed = [] } = await queue.client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queue.queueUrl, Entries }),
    )
    for (const { Code: code, Message: reason } of Failed)
      queue.log.warn({ code, reason }, 'A handled message could not be removed')
  } catch (error) {
    queue.log.warn({ error: loggable(error) }, 'Handled messages could not be removed')
  }
}

async function changeVisibility(queue: Queue, wanted: readonly (readonly [Message, number])[]): Promise<void> {
  if (wanted.length === 0) return
  const Entries = wanted.map(([message, seconds], index) => ({
    Id: String(index),
    ReceiptHandle: message.ReceiptHandle,
    VisibilityTimeout: seconds,
  }))
  try {
    await queue.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.queueUrl, Entries }))
  } catch (error) {
    queue.log.warn({ error: loggable(error) }, 'The time of messages could not be changed')
  }
}
