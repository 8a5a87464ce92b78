import type { Context } from '../context.ts'
import { replaceSlot, type SlotKey, uploadToGallery, waitForReplacement } from '../entities/index.ts'
import { bodyOf } from './contracts/bytes.ts'
import type { World } from './world.ts'

export const THUMBNAIL = { type: 'moc', entityId: '42', slot: 'thumbnail' }

const formOf =
  (bytes: Buffer, fields: { caption?: string; projectId?: string } = {}) =>
  async (takeFile: (file: Parameters<Parameters<Parameters<typeof replaceSlot>[3]>[0]>[0]) => Promise<void>) => {
    await takeFile({ body: bodyOf(bytes), fileName: 'roof.jpg', declaredType: 'image/jpeg', projectId: null })
    return { projectId: fields.projectId ?? null, sha256: null, caption: fields.caption ?? null }
  }

/** Uploads these bytes into a slot; the picture still has to be made. */
export const sendToSlot = (
  world: World,
  bytes: Buffer,
  address: Omit<SlotKey, 'projectId'> = THUMBNAIL,
  ctx: Context = world.owner,
) => replaceSlot(world.deps, ctx, address, formOf(bytes))

/** The same until the picture is in place, its job run. */
export async function fillSlot(world: World, bytes: Buffer, address: Omit<SlotKey, 'projectId'> = THUMBNAIL) {
  const replacement = await sendToSlot(world, bytes, address)
  await world.runJobs()
  return waitForReplacement(world.deps, replacement, { requestId: 'test-request', maxWaitMs: 0 })
}

/** Uploads these bytes into the gallery of an entity. */
export const sendToGallery = (world: World, bytes: Buffer, fields: { caption?: string } = {}) =>
  uploadToGallery(world.deps, world.owner, { type: 'moc', entityId: '42' }, formOf(bytes, fields))
