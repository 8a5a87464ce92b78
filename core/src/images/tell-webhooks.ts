import type { Stores } from '../database.ts'
import { queueWebhooks, type WebhookEvent } from '../webhooks/index.ts'
import type { Image, ImageStatus } from './image.ts'

/** Where webhooks are told of a move; `from` is null for an image that is new. A lost attempt or another try is no news. */
export function webhookEventOf(from: ImageStatus | null, to: ImageStatus): WebhookEvent | null {
  if (to === 'uploaded') return from === null || from === 'pending_upload' ? 'image.uploaded' : null
  if (to === 'failed') return from === 'deleted' ? null : 'image.failed'
  if (to === 'ready') return 'image.ready'
  return to === 'deleted' ? 'image.deleted' : null
}

/** Leaves the moves of images to the webhooks that want to hear of them, in the transaction that made them. */
export function tellWebhooks(
  tx: Pick<Stores, 'webhooks'>,
  moves: ReadonlyArray<{ from: ImageStatus | null; image: Image }>,
  at: Date,
): Promise<void> {
  const news = moves.flatMap(({ from, image }) => {
    const event = webhookEventOf(from, image.status)
    return event ? [{ image, event, at }] : []
  })
  return queueWebhooks(tx, news)
}
