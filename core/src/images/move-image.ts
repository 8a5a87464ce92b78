import type { Stores } from '../database.ts'
import type { DomainEvent } from '../events/index.ts'
import { invalidTransition } from './errors.ts'
import { canMove, type Image, type ImageStatus } from './image.ts'
import type { ImageChange } from './image-store.ts'
import { tellWebhooks } from './tell-webhooks.ts'

/**
 * The one way an image changes status: by the transition table and compare-and-set, with its history line and its event in the same
 * transaction. Null when somebody else moved it first. A move the table does not know rejects with `invalid_transition`.
 */
export async function moveImage(
  tx: Pick<Stores, 'images' | 'events' | 'webhooks'>,
  image: Pick<Image, 'id' | 'projectId' | 'status'>,
  to: ImageStatus,
  how: { at: Date; detail?: string; attempt?: number; change?: ImageChange },
): Promise<Image | null> {
  if (!canMove(image.status, to)) throw invalidTransition(image.status, to)
  const moved = await tx.images.move({
    projectId: image.projectId,
    imageId: image.id,
    from: image.status,
    to,
    at: how.at,
    detail: how.detail ?? null,
    change: how.change ?? {},
    ...(how.attempt === undefined ? {} : { attempt: how.attempt }),
  })
  if (!moved) return null
  await announce(tx, moved, how.at)
  await tellWebhooks(tx, [{ from: image.status, image: moved }], how.at)
  return moved
}

/** Tells live readers where an image stands now. */
export const announce = (tx: Pick<Stores, 'events'>, image: Announced, at: Date): Promise<void> =>
  tx.events.append(statusEvent(image, at))

type Announced = Pick<Image, 'id' | 'projectId' | 'status' | 'failure'>

/** What live readers of a project are told: of the image's own one, or of the one that it left. */
export const statusEvent = (image: Announced, at: Date, toProjectId = image.projectId): DomainEvent => ({
  projectId: toProjectId,
  type: 'image.status',
  payload: {
    image_id: image.id,
    project_id: image.projectId,
    status: image.status,
    at: at.toISOString(),
    failure: image.failure,
  },
})
