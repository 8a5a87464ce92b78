import { z } from 'zod'
import { findProject, notFound } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { type Image, imageNotReady } from '../images/index.ts'
import type { InFlight } from '../limits/index.ts'
import { acceptReplacement, openSlot } from './accept-replacement.ts'
import { checkSlot, type SlotKey } from './entity.ts'
import { settleInTransaction } from './settle-slot.ts'
import type { Replacement } from './slot-store.ts'
import { type ReadEntityForm, storeImage } from './store-image.ts'

type Deps = { database: Database; clock: Clock }
type Address = Omit<SlotKey, 'projectId'>

const Settled = z.object({ projectId: z.string(), slotId: z.string(), number: z.number() })

async function repeated({ database }: Deps, result: unknown): Promise<Replacement> {
  const { projectId, slotId, number } = Settled.parse(result)
  const replacement = await database.slots.findReplacement(projectId, slotId, number)
  if (!replacement) throw notFound()
  return replacement
}

const settledBy = ({ projectId, slotId, number }: Replacement) => ({ projectId, slotId, number })

/**
 * `POST /entities/{type}/{entity_id}/{slot}` with a file: stores it, and gives it the next number of the slot. What is in place stays until
 * the new picture is ready; see `waitForReplacement`.
 */
export async function replaceSlot(
  deps: Deps & { blobs: BlobStore; maxUploadBytes: number; inFlight: InFlight },
  ctx: Context,
  address: Address,
  readForm: ReadEntityForm,
): Promise<Replacement> {
  checkSlot(address)
  return storeImage(deps, ctx, readForm, {
    request: [address.type, address.entityId, address.slot],
    place: async (tx, once, { image, project, at }) => {
      const slot = await openSlot(tx, { ...address, projectId: project.id }, at)
      const { replacement } = await acceptReplacement(tx, ctx, slot, { imageId: image.id, source: 'upload' }, at)
      await settleOnce(tx, once, settledBy(replacement))
      return replacement
    },
    repeat: result => repeated(deps, result),
  })
}

const COMING: readonly Image['status'][] = ['uploaded', 'processing', 'ready']

/** The image as it may be put into a slot or gallery, its row locked. Rejects with `not_found` or `image_not_ready`. */
export async function takeImage(tx: Stores, projectId: string, imageId: string): Promise<Image> {
  const image = await tx.images.load(projectId, imageId, { lock: true })
  if (!image || image.purgeState !== null) throw notFound()
  if (!COMING.includes(image.status)) throw imageNotReady(image.status)
  return image
}

/** The same with an image of the project that is there already; it belongs to the slot from the moment at which it comes into place. */
export async function setSlot(
  deps: Deps,
  ctx: Context,
  input: Address & { projectId: string | null; imageId: string },
): Promise<Replacement> {
  checkSlot(input)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  return runOnce(deps, ctx, input, {
    run: once =>
      deps.database.transaction(async tx => {
        const at = deps.clock.now()
        const key = { projectId: project.id, type: input.type, entityId: input.entityId, slot: input.slot }
        const opened = await openSlot(tx, key, at)
        await takeImage(tx, project.id, input.imageId)
        const what = { imageId: input.imageId, source: 'given' as const }
        const { slot, replacement } = await acceptReplacement(tx, ctx, opened, what, at)
        await settleInTransaction(tx, project, slot, { ...ctx, at })
        await settleOnce(tx, once, settledBy(replacement))
        return replacement
      }),
    repeat: result => repeated(deps, result),
  })
}
