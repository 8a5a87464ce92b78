import { authorize, findProject, notFound, type Project } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { imageConflict, invalidTransition } from './errors.ts'
import type { Image } from './image.ts'
import { checkLabelChange, type ImageLabels, type LabelInput } from './labels.ts'
import { announce } from './move-image.ts'
import { moveToProject } from './move-project.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; workspace: Workspace }

/** A concurrent move (a job that takes the image up) may win this often before the change gives up. */
const MAX_ROUNDS = 5

/**
 * Changes what the host product says about an image, and the project that it is in, by compare-and-set. A deleted image rejects with
 * `invalid_transition`; a project of another organisation, or one that the caller does not reach, with `not_found`.
 */
export async function updateImage(
  deps: Deps,
  ctx: Context,
  input: { imageId: string; labels: LabelInput; projectId: string | null },
): Promise<Image> {
  const change = checkLabelChange(input.labels)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorize(ctx.actor, image.projectId, 'image.write')
    if (image.status === 'deleted') throw invalidTransition('deleted', 'changed')
    const target = await findTarget(deps, ctx, image, input.projectId)
    const changed = target
      ? await orNull(() => moveToProject(deps, ctx, image, target, change))
      : await relabel(deps, image, change)
    if (changed) return changed
  }
  throw imageConflict()
}

async function findTarget(deps: Deps, ctx: Context, image: Image, projectId: string | null): Promise<Project | null> {
  if (projectId === null) return null
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId, action: 'image.write' })
  return project.id === image.projectId ? null : project
}

/** Somebody else changed the image in between: what it is now decides. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict') return null
    throw error
  }
}

async function relabel(deps: Deps, image: Image, change: Partial<ImageLabels>): Promise<Image | null> {
  if (Object.keys(change).length === 0) return image
  const { projectId, id: imageId, status } = image
  return deps.database.transaction(async tx => {
    if (!(await tx.images.update({ projectId, imageId, status }, change))) return null
    const changed = await tx.images.load(projectId, imageId)
    if (changed) await announce(tx, changed, deps.clock.now())
    return changed
  })
}
