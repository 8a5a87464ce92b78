import type { SendOutcome, WebhookSender } from '../webhooks/index.ts'

export interface SentWebhook {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

export interface FakeWebhookSender extends WebhookSender {
  /** Everything that was sent, oldest first. */
  sent: SentWebhook[]
  /** What receivers do, 200 unless told. */
  receive: (request: SentWebhook) => SendOutcome | Promise<SendOutcome>
}

/** An answer of a receiver. */
export const answered = (status: number): SendOutcome => ({ status, error: null, answer: '' })

/** A sender without a network: URLs may be https alone, and nobody is private. */
export function createFakeWebhookSender(): FakeWebhookSender {
  const sender: FakeWebhookSender = {
    sent: [],
    receive: () => answered(200),
    refusalOf: url => (url.startsWith('https://') ? null : 'not_https'),
    send: async request => {
      sender.sent.push(request)
      return sender.receive(request)
    },
  }
  return sender
}
