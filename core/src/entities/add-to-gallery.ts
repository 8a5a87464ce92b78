import { z } from 'zod'
import { findProject, notFound } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import type { InFlight } from '../limits/index.ts'
import { checkCaption, checkEntity, type EntityKey, MAX_GALLERY_IMAGES } from './entity.ts'
import { tooManyHere } from './errors.ts'
import { takeImage } from './replace-slot.ts'
import { type ReadEntityForm, storeImage } from './store-image.ts'

type Deps = { database: Database; clock: Clock }
type Address = Omit<EntityKey, 'projectId'>

/** What was added, for the route to answer. */
export interface AddedToGallery {
  projectId: string
  imageId: string
}

const Settled = z.object({ projectId: z.string(), imageId: z.string() })

/** `POST …/gallery` with a file: the new image stands at the end at once, and is shown when it is ready. */
export async function uploadToGallery(
  deps: Deps & { blobs: BlobStore; maxUploadBytes: number; inFlight: InFlight },
  ctx: Context,
  address: Address,
  readForm: ReadEntityForm,
): Promise<AddedToGallery> {
  checkEntity(address)
  return storeImage(deps, ctx, readForm, {
    request: [address.type, address.entityId],
    place: async (tx, once, { image, project, fields, at }) => {
      const entry = { imageId: image.id, caption: checkCaption(fields.caption), addedAt: at }
      await append(tx, { ...address, projectId: project.id }, entry)
      const added = { projectId: project.id, imageId: image.id }
      await settleOnce(tx, once, added)
      return added
    },
    repeat: async result => Settled.parse(result),
  })
}

/** The same with an image of the project; one that is in the gallery already stays where it is. */
export async function addToGallery(
  deps: Deps,
  ctx: Context,
  input: Address & { projectId: string | null; imageId: string; caption: string | null },
): Promise<AddedToGallery> {
  checkEntity(input)
  const caption = checkCaption(input.caption)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  return runOnce(deps, ctx, input, {
    run: once =>
      deps.database.transaction(async tx => {
        const { imageId } = input
        const entity = { projectId: project.id, type: input.type, entityId: input.entityId }
        await append(tx, entity, { imageId, caption, addedAt: deps.clock.now() }, () =>
          takeImage(tx, project.id, imageId),
        )
        const added = { projectId: project.id, imageId }
        await settleOnce(tx, once, added)
        return added
      }),
    repeat: async result => Settled.parse(result),
  })
}

async function append(
  tx: Stores,
  entity: EntityKey,
  entry: { imageId: string; caption: string | null; addedAt: Date },
  take?: () => Promise<unknown>,
): Promise<void> {
  const { projectId } = entity
  const gallery = await tx.galleries.open(entity, newId())
  await take?.()
  const entries = await tx.galleries.listEntries(projectId, gallery.id)
  if (entries.some(each => each.imageId === entry.imageId)) return
  const shown = await findShown(
    tx,
    projectId,
    entries.map(each => each.imageId),
  )
  if (shown.size >= MAX_GALLERY_IMAGES) throw tooManyHere('pictures of one gallery', MAX_GALLERY_IMAGES)
  await tx.galleries.addEntry(projectId, gallery.id, entry)
}

/** Those of these images that are in the project and not deleted. */
export async function findShown(
  stores: Pick<Stores, 'images' | 'projects'>,
  projectId: string,
  imageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const project = await stores.projects.load(projectId)
  if (!project) throw notFound()
  const images = await stores.images.findMany(project.organizationId, imageIds)
  return new Set(images.filter(each => each.projectId === projectId && each.status !== 'deleted').map(each => each.id))
}
