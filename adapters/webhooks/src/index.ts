export { createHttpWebhookSender, type HttpWebhookSenderConfig, type Resolve } from './http-webhook-sender.ts'
