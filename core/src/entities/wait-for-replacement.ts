import { notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { EventFeed } from '../events/index.ts'
import { type Image, MAX_WAIT_MS } from '../images/index.ts'
import { SLOT_HISTORY } from './entity.ts'
import { replacementFailed, slotSuperseded } from './errors.ts'
import { settleSlot } from './settle-slot.ts'
import type { Replacement } from './slot-store.ts'

type Deps = { database: Database; clock: Clock; feed: EventFeed }

/** How a replacement stands when it is answered. */
export interface ReplacedSlot {
  replacement: Replacement
  image: Image
  /** Whether the picture is in place, or was and had its time. Otherwise it comes into place later by itself. */
  inPlace: boolean
  /** The picture that was in place before, null when there was none or this one still waits. */
  replacedImageId: string | null
}

/**
 * Waits until a replacement came into place, at most 30 s; the waiting moves nothing that would not move without it. Rejects with
 * `slot_superseded` when a higher number was first, or with the failure of its picture.
 */
export async function waitForReplacement(
  deps: Deps,
  replacement: Replacement,
  how: { requestId: string; signal?: AbortSignal; maxWaitMs?: number },
): Promise<ReplacedSlot> {
  let wake = () => {}
  const settled = new Promise<void>(resolve => {
    wake = resolve
  })
  // First the subscription, then the look: nothing can happen unseen in between.
  const subscription = deps.feed.subscribe(replacement.projectId, null, ({ payload }) => {
    if (payload.image_id === replacement.imageId && SETTLED.some(status => status === payload.status)) wake()
  })
  const timer = setTimeout(wake, how.maxWaitMs ?? MAX_WAIT_MS)
  how.signal?.addEventListener('abort', wake, { once: true })
  try {
    await Promise.race([subscription.ready, settled])
    let current = await settle(deps, replacement, how.requestId)
    if (current.state === 'waiting' && !how.signal?.aborted) {
      await settled
      current = await settle(deps, replacement, how.requestId)
    }
    return await answer(deps, current)
  } finally {
    clearTimeout(timer)
    subscription.unsubscribe()
  }
}

const SETTLED = ['ready', 'failed', 'deleted']

async function settle(deps: Deps, { projectId, slotId, number }: Replacement, requestId: string) {
  await settleSlot(deps, { projectId, slotId, requestId })
  const current = await deps.database.slots.findReplacement(projectId, slotId, number)
  if (!current) throw slotSuperseded(null)
  return current
}

async function answer({ database }: Deps, replacement: Replacement): Promise<ReplacedSlot> {
  const { projectId, slotId, imageId, number, state } = replacement
  const image = await database.images.load(projectId, imageId)
  if (state === 'dropped') throw refusal(replacement, image)
  if (!image) throw notFound()
  const inPlace = state !== 'waiting'
  const before = inPlace
    ? await database.slots.listReplacements(projectId, slotId, ['replaced', 'past'], SLOT_HISTORY)
    : []
  const replaced = before.find(
    each => each.number < number && each.endedAt?.getTime() === replacement.placedAt?.getTime(),
  )
  return { replacement, image, inPlace, replacedImageId: replaced?.imageId ?? null }
}

function refusal({ reason, imageId }: Replacement, image: Image | null) {
  if (reason === 'superseded' || reason === 'removed' || reason === null) return slotSuperseded(imageId)
  const detail = image?.failure?.detail ?? 'The picture could not be made.'
  return replacementFailed(imageId, { code: reason, detail })
}
