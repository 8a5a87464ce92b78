import { findProject, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { type Cdn, windowExpiry } from '../delivery/index.ts'
import { type Image, negotiatedKey } from '../images/index.ts'
import { checkSlot, SLOT_HISTORY, type SlotKey } from './entity.ts'
import type { Replacement, Slot } from './slot-store.ts'

export interface SlotView {
  slot: Slot
  /** Null when the slot is empty. */
  image: Image | null
  /** Pictures that were in place, highest number first, as long as they are kept. */
  previous: ReadonlyArray<{ replacement: Replacement; image: Image }>
  waiting: readonly Replacement[]
}

/** A reader who is overtaken this often while it looks reads what it has. */
const MAX_ROUNDS = 10

/** The picture of a slot and those before it. Rejects with `not_found` when the slot was never used, or is empty and `orEmpty` is false. */
export async function getSlot(
  deps: { database: Database },
  ctx: Context,
  input: Omit<SlotKey, 'projectId'> & { projectId: string | null; orEmpty: boolean },
): Promise<SlotView> {
  checkSlot(input)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.read' })
  const key = { projectId: project.id, type: input.type, entityId: input.entityId, slot: input.slot }
  let view = await read(deps.database, ctx, key)
  // Between two looks the picture may be replaced: an empty slot is believed only when nothing moved meanwhile.
  for (let round = 1; round < MAX_ROUNDS && view.image === null; round++) {
    const again = await read(deps.database, ctx, key)
    const same = again.slot.placed === view.slot.placed
    view = again
    if (same) break
  }
  if (view.image === null && !input.orEmpty) throw notFound()
  return view
}

async function read(database: Database, ctx: Context, key: SlotKey): Promise<SlotView> {
  const slot = await database.slots.find(key)
  if (!slot) throw notFound()
  const states = ['waiting', 'current', 'replaced', 'past'] as const
  const found = await database.slots.listReplacements(key.projectId, slot.id, states, SLOT_HISTORY)
  const images = await database.images.findMany(
    ctx.actor.organizationId,
    found.map(each => each.imageId),
  )
  const own = new Map(images.filter(image => image.projectId === key.projectId).map(image => [image.id, image]))
  const current = found.find(each => each.state === 'current')
  const image = current ? own.get(current.imageId) : undefined
  return {
    slot,
    image: image?.status === 'ready' ? image : null,
    previous: found.flatMap(replacement => {
      const before = own.get(replacement.imageId)
      const was =
        ['replaced', 'past'].includes(replacement.state) || (replacement === current && image?.status === 'deleted')
      return before && was ? [{ replacement, image: before }] : []
    }),
    waiting: found.filter(each => each.state === 'waiting'),
  }
}

/** The signed URL of a variant for whoever may see the image, its format negotiated; null while there is none. */
export function pictureUrl(
  deps: { cdn: Cdn; clock: Clock; signedUrlSeconds: number },
  image: Image,
  wanted: 'full' | 'thumb' = 'full',
  format: 'jpeg' | null = null,
): string | null {
  if (image.status !== 'ready') return null
  const named = image.variants.filter(variant => variant.name === wanted)
  const choice = named.length > 0 ? named : image.variants
  const variant = format === null ? choice[0] : choice.find(each => each.format === format)
  if (!variant) return null
  const key = format === null ? negotiatedKey(deps.cdn, variant, image.variants) : variant.objectKey
  return deps.cdn.sign(key, windowExpiry(deps.clock.now(), deps.signedUrlSeconds))
}
