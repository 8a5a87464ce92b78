import { z } from 'zod'
import { isOneReach, reachFields, TWO_REACHES } from './reach.ts'
import { DEFAULT_PAGE, Id, MAX_PAGE, Timestamp } from './scalars.ts'

export const WebhookEvent = z.enum([
  'image.uploaded',
  'image.ready',
  'image.failed',
  'image.deleted',
  'analysis.updated',
])
export type WebhookEvent = z.infer<typeof WebhookEvent>

/** Their limits have errors of the verb's own. */
const fields = {
  url: z.string().meta({ description: 'https, leading to a public address; at most 2,048 characters.' }),
  events: z.array(WebhookEvent).max(WebhookEvent.options.length),
  description: z.string().meta({ description: 'For people, at most 255 characters.' }),
}

export const WebhookRequest = z
  .object({
    ...fields,
    description: fields.description.default(''),
    ...reachFields,
  })
  .refine(isOneReach, TWO_REACHES)
  .meta({ id: 'WebhookRequest' })
export type WebhookRequest = z.input<typeof WebhookRequest>

export const WebhookChange = z
  .object({ ...fields, enabled: z.boolean() })
  .partial()
  .meta({ id: 'WebhookChange' })
export type WebhookChange = z.infer<typeof WebhookChange>

export const Webhook = z
  .object({
    id: Id,
    project_id: Id.nullable(),
    url: z.string(),
    events: z.array(WebhookEvent),
    description: z.string(),
    enabled: z.boolean(),
    disabled_reason: z.enum(['by_hand', 'gone']).nullable().meta({ description: '`gone`: the receiver answered 410.' }),
    disabled_at: Timestamp.nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const NewWebhook = Webhook.extend({
  secret: z
    .string()
    .optional()
    .meta({ description: '`whsec_…`, to verify deliveries with; answered once and never again.' }),
}).meta({ id: 'NewWebhook' })
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookQuery = z.object({
  project_id: Id.optional(),
  cursor: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})

export const WebhookList = z
  .object({ items: z.array(Webhook), next_cursor: z.string().nullable() })
  .meta({ id: 'WebhookList' })
export type WebhookList = z.infer<typeof WebhookList>

export const DeliveryStatus = z.enum(['pending', 'succeeded', 'failed'])
export type DeliveryStatus = z.infer<typeof DeliveryStatus>

export const WebhookAttempt = z
  .object({
    number: z.number().int().min(1),
    at: Timestamp,
    duration_ms: z.number().int().nonnegative(),
    status: z.number().int().nullable().meta({ description: 'Of the answer; null where there was none.' }),
    error: z.string().nullable(),
    response: z.string().nullable().meta({ description: 'The first 1,024 bytes of the answer.' }),
  })
  .meta({ id: 'WebhookAttempt' })

/** One message to one webhook; its id is what the header `webhook-id` carries. */
export const WebhookDelivery = z
  .object({
    id: Id,
    webhook_id: Id,
    project_id: Id,
    event: WebhookEvent,
    status: DeliveryStatus,
    created_at: Timestamp,
    next_attempt_at: Timestamp.nullable(),
    attempts: z.array(WebhookAttempt),
    payload: z.unknown().meta({ description: 'The body as it is sent: `type`, `timestamp`, `data`.' }),
  })
  .meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

export const DeliveryQuery = z.object({
  status: DeliveryStatus.optional(),
  cursor: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})

export const WebhookDeliveryList = z
  .object({ items: z.array(WebhookDelivery), next_cursor: z.string().nullable() })
  .meta({ id: 'WebhookDeliveryList' })
export type WebhookDeliveryList = z.infer<typeof WebhookDeliveryList>

export const DeliveryParams = z.object({ id: Id, delivery_id: Id })

export const ReplayRequest = z
  .object({
    since: z.iso.datetime({ offset: true }).meta({ description: 'Everything that failed of events since then.' }),
  })
  .meta({ id: 'ReplayRequest' })

export const ReplayAnswer = z.object({ replayed: z.number().int().nonnegative() }).meta({ id: 'ReplayAnswer' })
export type ReplayAnswer = z.infer<typeof ReplayAnswer>
