import { z } from 'zod'
import { findProject, notFound } from '../access/index.ts'
import type { Doer } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { type Image, isRestorable, restoreInTransaction } from '../images/index.ts'
import { acceptReplacement } from './accept-replacement.ts'
import { checkSlot, SLOT_HISTORY, type SlotKey } from './entity.ts'
import { nothingToUndo } from './errors.ts'
import { lockImages } from './release-images.ts'
import { settleInTransaction } from './settle-slot.ts'
import type { Replacement, Slot } from './slot-store.ts'

type Deps = { database: Database; clock: Clock }

const Settled = z.object({ projectId: z.string(), slotId: z.string(), number: z.number() })

/**
 * `POST …/{slot}/undo`: the picture that was in place before comes back, as a replacement with a number of its own; undone again, the other
 * one does. What was deleted is restored; where its variants were withdrawn they are made anew, and the old picture stays until then.
 * Rejects with `nothing_to_undo` when none is kept.
 */
export async function undoSlot(
  deps: Deps,
  ctx: Context,
  input: Omit<SlotKey, 'projectId'> & { projectId: string | null },
): Promise<Replacement> {
  checkSlot(input)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  const { id: projectId } = project
  return runOnce(deps, ctx, [input, 'undo'], {
    run: once =>
      deps.database.transaction(async tx => {
        const by = { ...ctx, at: deps.clock.now() }
        const found = await tx.slots.find({ ...input, projectId })
        const slot = found && (await tx.slots.lock(projectId, found.id))
        if (!slot) throw notFound()
        const imageId = await bringBack(tx, slot, by)
        const accepted = await acceptReplacement(tx, ctx, slot, { imageId, source: 'undo' }, by.at)
        await settleInTransaction(tx, project, accepted.slot, by)
        const { number } = accepted.replacement
        await settleOnce(tx, once, { projectId, slotId: slot.id, number })
        return accepted.replacement
      }),
    repeat: async result => {
      const { slotId, number } = Settled.parse(result)
      const replacement = await deps.database.slots.findReplacement(projectId, slotId, number)
      if (!replacement) throw notFound()
      return replacement
    },
  })
}

/** The id of the newest picture but the current one that is there or can be restored; restored where it has to be. */
async function bringBack(tx: Stores, slot: Slot, by: Doer & { at: Date }): Promise<string> {
  const states = ['current', 'replaced', 'past'] as const
  const placed = await tx.slots.listReplacements(slot.projectId, slot.id, states, SLOT_HISTORY)
  const images = await lockImages(
    tx,
    slot.projectId,
    placed.map(each => each.imageId),
  )
  const current = placed.find(each => each.state === 'current')
  const shown = current && images.get(current.imageId)?.status !== 'deleted' ? current.imageId : null
  for (const { imageId } of placed) {
    const image = images.get(imageId)
    if (imageId === shown || !image || !isKept(image)) continue
    if (image.status === 'ready') return imageId
    const restored = await restoreInTransaction(tx, image, { ...by, detail: 'restored by undo' })
    if (restored) return imageId
  }
  throw nothingToUndo()
}

/** It was in place, so it was ready; what lost its variants and its original has nothing to come back with. */
const isKept = (image: Image): boolean =>
  image.status === 'ready' || (isRestorable(image) && (image.variants.length > 0 || image.originalKey !== null))
