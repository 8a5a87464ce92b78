import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { loggable, nameOf, translateFor } from '../client/failures.ts'
import { createQueueClient, type QueueConnection } from './queue-client.ts'

/** As many messages as one call takes. */
export const PUBLISH_BATCH = 10
/** As many bytes as one message, and all of one call, may have; AWS takes more by now, others do not. */
export const MAX_BATCH_BYTES = 262_144

export interface OutgoingMessage {
  /** The caller's own id, to tell failures by. */
  id: string
  body: string
}

export interface PublishFailure {
  id: string
  code: string
  reason: string
  /** Whether the same message may succeed later. */
  retryable: boolean
}

export interface SqsPublisher {
  /** Sends messages at least once each. Resolves with those that were not taken; never rejects for what a queue does. */
  publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishFailure[]>
  /** Resolves when the queue answers; rejects with `queue_unavailable` otherwise. */
  check(): Promise<void>
  close(): void
}

/** Messages to a queue, up to ten a call. */
export function createSqsPublisher(config: QueueConnection): SqsPublisher {
  const client = createQueueClient(config, 'few')
  const probe = createQueueClient({ ...config, timeouts: { connect: 2_000, answer: 5_000 } }, 'none')
  const { queueUrl } = config
  return {
    publish: async messages => {
      const fitting = messages.filter(message => sizeOf(message) <= MAX_BATCH_BYTES)
      const failures = messages.filter(message => sizeOf(message) > MAX_BATCH_BYTES).map(tooLong)
      for (const batch of batchesOf(fitting)) failures.push(...(await send(client, queueUrl, batch)))
      return failures
    },
    check: async () => {
      try {
        await probe.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl }))
      } catch (error) {
        throw translateFor('queue', error)
      }
    },
    close: () => {
      client.destroy()
      probe.destroy()
    },
  }
}

/** What no later try can mend; anything else is the queue's own trouble, a queue that is missing included. */
const MESSAGE_FAULTS = /(InvalidMessageContents|MessageTooLong|BatchRequestTooLong)$/
const isMessageFault = (code: string): boolean => MESSAGE_FAULTS.test(code)

const sizeOf = (message: OutgoingMessage): number => Buffer.byteLength(message.body)

const tooLong = ({ id }: OutgoingMessage): PublishFailure => ({
  id,
  code: 'MessageTooLong',
  reason: `A message has at most ${MAX_BATCH_BYTES} bytes`,
  retryable: false,
})

function* batchesOf(messages: readonly OutgoingMessage[]): Generator<readonly OutgoingMessage[]> {
  let batch: OutgoingMessage[] = []
  let bytes = 0
  for (const message of messages) {
    if (batch.length === PUBLISH_BATCH || bytes + sizeOf(message) > MAX_BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += sizeOf(message)
  }
  if (batch.length > 0) yield batch
}

async function send(client: SQSClient, queueUrl: string, batch: readonly OutgoingMessage[]): Promise<PublishFailure[]> {
  const Entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }))
  try {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    return Failed.map(({ Id, Code = 'Unknown', Message: reason = '' }) => ({
      ...{ id: batch[Number(Id)]?.id ?? '', code: Code, reason, retryable: !isMessageFault(Code) },
    }))
  } catch (error) {
    const code = nameOf(error)
    // One message that the queue refuses must not keep its neighbours back.
    if (isMessageFault(code) && batch.length > 1)
      return (await Promise.all(batch.map(message => send(client, queueUrl, [message])))).flat()
    const { message: reason } = loggable(error)
    return batch.map(({ id }) => ({ id, code, reason, retryable: !isMessageFault(code) }))
  }
}
