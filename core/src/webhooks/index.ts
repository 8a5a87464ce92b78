export { createWebhook, type WebhookInput } from './create-webhook.ts'
export * from './deliver-webhook.ts'
export * from './deliveries.ts'
export * from './dispatch-webhooks.ts'
export * from './errors.ts'
export { changeWebhook, deleteWebhook, getWebhook, listWebhooks } from './manage-webhook.ts'
export { type ImageNews, queueWebhooks } from './queue-webhooks.ts'
export * from './retry-schedule.ts'
export { MAX_SECRETS, rotateSecret, SECRET_OVERLAP_MS } from './rotate-secret.ts'
export { createSecretSeal, type SecretSeal } from './secret-seal.ts'
export { newWebhookSecret, SECRET_BYTES, signWebhook } from './signature.ts'
export * from './webhook.ts'
export type { SendOutcome, UrlRefusal, WebhookSender } from './webhook-sender.ts'
export type {
  DeliveryClaim,
  DeliverySettlement,
  WebhookChange,
  WebhookKey,
  WebhookStore,
} from './webhook-store.ts'
