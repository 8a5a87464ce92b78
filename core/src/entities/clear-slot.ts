import { findProject, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import type { DeletedBy } from '../images/index.ts'
import { checkSlot, MAX_WAITING_REPLACEMENTS, type SlotKey } from './entity.ts'
import { lockImages, releaseImages } from './release-images.ts'
import type { Replacement, ReplacementState, Slot } from './slot-store.ts'

const LIVING: readonly ReplacementState[] = ['waiting', 'current', 'replaced']
/** Further ones that were replaced within the grace go with it, by the job of the slot. */
const BATCH = MAX_WAITING_REPLACEMENTS + 200

/** `DELETE …/{slot}`: empties the slot and deletes its pictures; whatever was accepted before comes too late. Again: nothing more. */
export async function clearSlot(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: Omit<SlotKey, 'projectId'> & { projectId: string | null },
): Promise<void> {
  checkSlot(input)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  await deps.database.transaction(async tx => {
    const found = await tx.slots.find({ ...input, projectId: project.id })
    const slot = found && (await tx.slots.lock(project.id, found.id))
    if (!slot) throw notFound()
    const by = { ...ctx, at: deps.clock.now() }
    const given = await emptySlot(tx, slot, by)
    const images = await lockImages(tx, project.id, given)
    await releaseImages(tx, project, [...images.values()], by)
  })
}

/**
 * Takes a number of its own for the removal, ends everything below it, and resolves with the ids of the images that the slot gave up, for
 * the caller to lock and release.
 */
export async function emptySlot(tx: Stores, slot: Slot, by: DeletedBy): Promise<string[]> {
  const found = await tx.slots.listReplacements(slot.projectId, slot.id, LIVING, BATCH)
  if (found.length === 0) return []
  const number = slot.accepted + 1
  await tx.slots.save({ ...slot, accepted: number, placed: number, updatedAt: by.at })
  await tx.slots.saveReplacements(found.map(each => end(each, by.at)))
  return found.filter(({ state, source }) => state !== 'waiting' || source !== 'given').map(({ imageId }) => imageId)
}

function end(each: Replacement, at: Date): Replacement {
  if (each.state === 'waiting') return { ...each, state: 'dropped', endedAt: at, reason: 'superseded' }
  return { ...each, state: 'past', endedAt: each.endedAt ?? at, releaseAt: null }
}
