import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { nameOf } from '../client/failures.ts'
import { fieldOf, textOf } from '../client/field-of.ts'

/** How many messages a queue has, as it estimates itself. */
export interface QueueState {
  /** Waiting and under way. */
  messages: number
  /** What failed too often; null where there is no such queue, or none that we may look at. */
  deadLetters: number | null
}

/** Looks at a queue and at the one of its dead letters: the one given, else the one that its redrive policy names. */
export async function readQueueState(
  client: SQSClient,
  queue: { queueUrl: string; deadLettersUrl: string | null },
  abortSignal?: AbortSignal,
): Promise<QueueState> {
  const attributes = await readAttributes(client, queue.queueUrl, abortSignal)
  const deadLettersUrl = queue.deadLettersUrl ?? redriveUrl(queue.queueUrl, attributes.RedrivePolicy)
  if (deadLettersUrl === null) return { messages: countOf(attributes), deadLetters: null }
  try {
    const dead = await readAttributes(client, deadLettersUrl, abortSignal)
    return { messages: countOf(attributes), deadLetters: countOf(dead) }
  } catch (error) {
    // The rights to a queue that AWS fills by itself may well be missing.
    if (!/AccessDenied/.test(nameOf(error))) throw error
    return { messages: countOf(attributes), deadLetters: null }
  }
}

async function readAttributes(client: SQSClient, QueueUrl: string, abortSignal: AbortSignal | undefined) {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
  return (await client.send(command, abortSignal ? { abortSignal } : {})).Attributes ?? {}
}

const countOf = (attributes: Partial<Record<string, string>>): number =>
  Number(attributes.ApproximateNumberOfMessages ?? 0) + Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0)

/** Dead letters stay in the account and region of their queue, so that only the last part of the URL is another one. */
function redriveUrl(queueUrl: string, policy: string | undefined): string | null {
  if (policy === undefined) return null
  try {
    const name = textOf(fieldOf(JSON.parse(policy), 'deadLetterTargetArn'))
      .split(':')
      .at(-1)
    return name ? queueUrl.replace(/[^/]*$/, name) : null
  } catch {
    return null
  }
}

/** `3 waiting, 1 dead letter`. */
export const describeQueue = ({ messages, deadLetters }: QueueState): string =>
  [
    `${messages} waiting`,
    ...(deadLetters === null ? [] : [`${deadLetters} dead ${deadLetters === 1 ? 'letter' : 'letters'}`]),
  ].join(', ')
