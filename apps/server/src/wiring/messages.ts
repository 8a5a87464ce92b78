import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createSqsPublisher } from '@calotype/aws'
import {
  type Clock,
  createSecretSeal,
  createWebhookDispatcher,
  type Database,
  DISPATCH_POLL_MS,
  deriveSecret,
  type EventFeed,
  type MessagePublisher,
  newId,
  RELAY_KEY,
  type SecretSeal,
  type Telemetry,
  type WebhookSender,
  watchPublisher,
  watchSender,
} from '@calotype/core'
import { createHttpWebhookSender } from '@calotype/webhooks'
import type { FastifyBaseLogger } from 'fastify'
import type { MessageSettings } from '../message-settings.ts'

/** Deliveries under way may end for this long; what does not is sent again when its lease is over. */
const DRAIN_MS = 3_000

/** What routes and jobs need to tell others. */
export interface MessageParts {
  webhookSeal: SecretSeal
  webhookSender: WebhookSender
  /** Null: messages to the pipeline wait to be read. */
  publisher: MessagePublisher | null
  /** Something was made due beside an event. */
  wakeWebhooks(): void
}

interface Options {
  settings: MessageSettings
  database: Database
  feed: EventFeed
  clock: Clock
  log: FastifyBaseLogger
  secret: string
  telemetry: Telemetry
  /** Whether this process sends webhooks. */
  sends: boolean
}

/** Opens what leads out, and begins to send what is due. `close` waits for what is under way. */
export async function openMessages(options: Options): Promise<{ parts: MessageParts; close(): Promise<void> }> {
  const { settings, database, feed, clock, log } = options
  const webhookSeal = createSecretSeal(deriveSecret(options.secret, 'webhooks'))
  const webhookSender = watchSender(
    createHttpWebhookSender({ allowPrivate: settings.allowPrivateWebhooks }),
    options.telemetry,
  )
  const queue = settings.pipelineQueue && createSqsPublisher(settings.pipelineQueue)
  const publisher = queue && watchPublisher(queue, options.telemetry)
  // What waited for a queue that is set up only now.
  if (publisher) await database.jobs.enqueue('pipeline.relay', { requestId: newId() }, { key: RELAY_KEY })
  if (!options.sends)
    return {
      parts: { webhookSeal, webhookSender, publisher, wakeWebhooks: () => {} },
      close: async () => queue?.close(),
    }
  const dispatcher = createWebhookDispatcher(
    { database, clock, webhookSeal, webhookSender },
    {
      pollMs: DISPATCH_POLL_MS,
      // No URL: receivers put tokens into theirs.
      onDelivered: ({ delivery, webhook }, { outcome, attempt }) =>
        log[outcome === 'succeeded' ? 'debug' : 'info'](
          {
            ...{
              component: 'webhooks',
              webhook_id: webhook.id,
              delivery_id: delivery.id,
              event: delivery.event,
              outcome,
            },
            ...{
              try: attempt.number,
              status_code: attempt.status,
              reason: attempt.error,
              duration_ms: attempt.durationMs,
            },
          },
          'webhook',
        ),
      onError: error => log.warn({ component: 'webhooks', err: error }, 'webhooks could not be looked after'),
    },
  )
  const subscription = feed.subscribeAll(() => dispatcher.wake())
  dispatcher.wake()
  // Whoever wakes it is not who is delivered for.
  const outside = AsyncLocalStorage.snapshot()
  return {
    parts: { webhookSeal, webhookSender, publisher, wakeWebhooks: () => outside(() => dispatcher.wake()) },
    close: async () => {
      subscription.unsubscribe()
      await Promise.race([dispatcher.stop(), pause(DRAIN_MS, undefined, { ref: false })])
      queue?.close()
    },
  }
}
