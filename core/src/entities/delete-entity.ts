import { findProject } from '../access/index.ts'
import { noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { emptySlot } from './clear-slot.ts'
import { checkEntity, type EntityKey } from './entity.ts'
import { lockImages, releaseImages } from './release-images.ts'

/**
 * `DELETE /entities/{type}/{entity_id}`: every slot is emptied and every picture of slots and gallery deleted, in one transaction. Each
 * can be restored until it is purged; those of the gallery come back to it. Nothing there: nothing to do.
 */
export async function deleteEntity(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: Omit<EntityKey, 'projectId'> & { projectId: string | null },
): Promise<void> {
  checkEntity(input)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  const entity = { projectId: project.id, type: input.type, entityId: input.entityId }
  await deps.database.transaction(async tx => {
    const by = { ...ctx, at: deps.clock.now() }
    // Everybody locks in this order: slots by name, then the gallery, then images.
    const ids: string[] = []
    for (const slot of await tx.slots.lockAll(entity)) ids.push(...(await emptySlot(tx, slot, by)))
    const gallery = await tx.galleries.lock(entity)
    const entries = gallery ? await tx.galleries.listEntries(project.id, gallery.id) : []
    const images = await lockImages(tx, project.id, [...ids, ...entries.map(entry => entry.imageId)])
    const deleted = await releaseImages(tx, project, [...images.values()], by, gallery?.id ?? null)
    if (ids.length === 0 && deleted.size === 0) return
    const subject = `${input.type}/${input.entityId}`
    const detail = `The entity ${subject} was deleted, with ${deleted.size} ${deleted.size === 1 ? 'image' : 'images'}.`
    await noteAudit(tx, ctx, { action: 'entity.deleted', at: by.at, projectId: project.id, subject, detail })
  })
}
