import type { Project } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import type { Workspace } from '../workspace.ts'
import { checkFitsProject } from './check-fits-project.ts'
import { type CopyOrder, copyObject } from './copy-object.ts'
import { enqueueLeftovers } from './enqueue.ts'
import { imageConflict, invalidTransition, storageUnavailable } from './errors.ts'
import { type Image, isVerdict, weightOf } from './image.ts'
import { movedKey, originalKey, variantPrefix } from './keys.ts'
import type { ImageLabels } from './labels.ts'
import { statusEvent } from './move-image.ts'
import { registerOriginal } from './register-original.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; workspace: Workspace }

/** The bytes as they lie in the new project before anything refers to them. */
interface Copies {
  /** Key of the copied original; null where the new project has these bytes already, or nobody wants them. */
  original: string | null
  variants: readonly { from: string; to: string }[]
  /** Names this move: no key of it was ever used before. */
  token: string
}

/**
 * Moves an image that is `ready` or `failed` to another project of the organisation: its bytes are copied to keys that were never used,
 * then one transaction moves the rows, and a job removes what was left behind. Killed at any line, the image is whole in one of the two.
 * Null when the image changed meanwhile. Rejects with `invalid_transition`, or with the limit of the new project that it breaks.
 */
export async function moveToProject(
  deps: Deps,
  ctx: Context,
  image: Image,
  target: Project,
  change: Partial<ImageLabels>,
): Promise<Image | null> {
  if (image.status !== 'ready' && image.status !== 'failed') throw invalidTransition(image.status, 'moved')
  checkFitsProject(image, target)
  const copies = await copyBytes(deps, image, target)
  const at = deps.clock.now()
  const { moved, spare } = await deps.database.transaction(async tx => {
    const now = await tx.projects.hold(target.id)
    if (now?.settings.visibility !== target.settings.visibility) throw imageConflict()
    const own = await settleOriginal(tx, image, target, copies)
    const moved = await tx.images.reassign({
      ...{ image, toProjectId: target.id, originalKey: own, renamed: copies.variants, change, at },
      detail: `moved from project ${image.projectId}`,
    })
    // Thrown, so that the original that was just registered goes, too.
    if (!moved) throw imageConflict()
    await recordUsage(tx, image, target, copies)
    await tx.events.appendMany([statusEvent(moved, at, image.projectId), statusEvent(moved, at)])
    await enqueueLeftovers(tx, image, copies.token, ctx.requestId)
    return { moved, spare: copies.original !== own ? copies.original : null }
  })
  // Bytes that would not go now are the sweep's.
  if (spare !== null) await deps.blobs.remove([spare], { projectId: target.id, purpose: 'original' }).catch(() => [])
  return moved
}

/** What was refused for its content has no bytes to take along, even if they were not removed yet. */
const wantsOriginal = (image: Image): boolean => image.originalKey !== null && !isVerdict(image.failure?.code ?? '')

async function copyBytes(deps: Deps, image: Image, target: Project): Promise<Copies> {
  const token = newId()
  const prefix = variantPrefix(target.settings.visibility, target.id, image.id)
  const variants: Array<{ from: string; to: string }> = []
  for (const { objectKey, contentType } of image.variants) {
    const to = movedKey(objectKey, prefix, token)
    const order = { from: { key: objectKey, projectId: image.projectId }, to: { key: to, projectId: target.id } }
    await copy(deps, { ...order, contentType, purpose: 'variant' })
    variants.push({ from: objectKey, to })
  }
  const known = image.sha256 !== null && (await deps.database.originals.lockBySha256(target.id, image.sha256))
  if (image.originalKey === null || !wantsOriginal(image) || known) return { original: null, variants, token }
  const original = originalKey(token)
  const contentType = image.contentType ?? image.declaredType ?? 'application/octet-stream'
  const from = { key: image.originalKey, projectId: image.projectId }
  await copy(deps, { from, to: { key: original, projectId: target.id }, contentType, purpose: 'original' })
  return { original, variants, token }
}

async function copy(deps: Deps, order: CopyOrder): Promise<void> {
  if (!(await copyObject(deps, order))) throw storageUnavailable(new Error(`${order.from.key} is not there`))
}

/** The key of the image's original in the new project: the copy, or the one that was there already. */
async function settleOriginal(tx: Stores, image: Image, target: Project, copies: Copies): Promise<string | null> {
  if (!wantsOriginal(image)) return null
  const projectId = target.id
  const { sha256 } = image
  if (copies.original === null) {
    const known = sha256 === null ? null : await tx.originals.lockBySha256(projectId, sha256)
    // It began to be purged since we looked: another try brings bytes of its own.
    if (!known) throw imageConflict()
    return known.objectKey
  }
  const source = await tx.originals.lockByKey(image.projectId, image.originalKey ?? '')
  if (source?.state !== 'live') throw imageConflict()
  const own = { projectId, objectKey: copies.original, sizeBytes: source.sizeBytes }
  if (sha256 === null) await tx.originals.add({ ...own, sha256 })
  else {
    const { original, existed } = await registerOriginal(tx, { ...own, sha256 })
    if (existed) return original.objectKey
  }
  const entry = { projectId, cause: `original:${own.objectKey}`, purpose: 'original', storedBytes: own.sizeBytes }
  await tx.usage.record([entry])
  return own.objectKey
}

/** The variants weigh in the new project now; what the old original weighs ends when it is removed. */
async function recordUsage(tx: Stores, image: Image, target: Project, { token }: Copies): Promise<void> {
  const storedBytes = weightOf(image.variants)
  if (storedBytes === 0) return
  const purpose = 'variant'
  await tx.usage.record([
    { projectId: image.projectId, cause: `moved-out:${image.id}:${token}`, purpose, storedBytes: -storedBytes },
    { projectId: target.id, cause: `moved-in:${image.id}:${token}`, purpose, storedBytes },
  ])
}
