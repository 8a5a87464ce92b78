import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { EventFeed } from '../events/index.ts'
import { getImage } from './get-image.ts'
import type { Image, ImageStatus } from './image.ts'

/** The longest that a call is held for an image (requirement: `wait=ready`). */
export const MAX_WAIT_MS = 30_000

const SETTLED: readonly ImageStatus[] = ['ready', 'failed', 'deleted']

/** Subscribes first, then reads the status, then waits: nothing can happen unseen in between. Answers the image as it is when time is up. */
export async function waitForImage(
  deps: { database: Database; feed: EventFeed },
  ctx: Context,
  input: { imageId: string; projectId: string; signal?: AbortSignal; maxWaitMs?: number },
): Promise<Image> {
  let wake = () => {}
  const settled = new Promise<void>(resolve => {
    wake = resolve
  })
  const subscription = deps.feed.subscribe(input.projectId, null, event => {
    const { image_id, status } = event.payload
    if (image_id === input.imageId && SETTLED.some(name => name === status)) wake()
  })
  const timer = setTimeout(wake, input.maxWaitMs ?? MAX_WAIT_MS)
  input.signal?.addEventListener('abort', wake, { once: true })
  try {
    // A feed that cannot begin (its database is away) holds nobody for longer than a wait may take.
    await Promise.race([subscription.ready, settled])
    const image = await getImage(deps, ctx, input)
    if (SETTLED.includes(image.status) || input.signal?.aborted) return image
    await settled
    return await getImage(deps, ctx, input)
  } finally {
    clearTimeout(timer)
    subscription.unsubscribe()
  }
}
