import { findProject, may, type Project } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError } from '../errors.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import type { BeginUploadInput, BegunUpload } from './begun-upload.ts'
import { invalidBatchSize } from './errors.ts'
import { chooseDuplicate, type Duplicate, reviveDuplicate } from './find-duplicate.ts'
import type { Image } from './image.ts'
import type { NewImage } from './image-store.ts'
import { originalKey } from './keys.ts'
import { checkLabels } from './labels.ts'
import { statusEvent } from './move-image.ts'
import { repeatUploads, toSettled } from './repeat-uploads.ts'
import { checkDeclaredType, checkFileName, checkSize } from './upload-rules.ts'
import type { SignedUpload, UploadSigner } from './upload-signer.ts'

/** Upload URLs that one call may ask for. */
export const MAX_UPLOAD_URLS = 100

type Deps = { database: Database; blobs: BlobStore; uploads: UploadSigner; clock: Clock; uploadUrlSeconds: number }

/** An item that passed the checks: its record to be and its URL, which is worth nothing without the record. */
interface Prepared {
  image: NewImage
  signed: SignedUpload
  expiresAt: Date
}

/** Batches and single uploads alike: with an Idempotency-Key the same request gets URLs of the same images again. */
export const beginUploads = (
  deps: Deps,
  ctx: Context,
  inputs: readonly BeginUploadInput[],
): Promise<ReadonlyArray<BegunUpload | DomainError>> =>
  runOnce(deps, ctx, inputs, {
    run: once => begin(deps, once, inputs),
    repeat: result => repeatUploads(deps, ctx, result),
  })

/**
 * Answers item by item a signed URL, the image that is there already, or the reason why there is neither: one bad item keeps none of the
 * others from theirs. All records are written in one transaction of a few statements, before any URL leaves.
 */
async function begin(
  deps: Deps,
  ctx: Context,
  inputs: readonly BeginUploadInput[],
): Promise<ReadonlyArray<BegunUpload | DomainError>> {
  if (inputs.length === 0 || inputs.length > MAX_UPLOAD_URLS) throw invalidBatchSize(MAX_UPLOAD_URLS, inputs.length)
  const projects = await findProjects(deps, ctx, inputs)
  const now = deps.clock.now()
  const prepared: Array<Prepared | DomainError> = []
  for (const input of inputs) {
    const project = projects.get(input.projectId)
    prepared.push(
      project instanceof DomainError ? project : await orRefusal(() => prepare(deps, ctx, input, project, now)),
    )
  }
  const good = prepared.filter((item): item is Prepared => !(item instanceof DomainError))
  if (good.length === 0) return prepared.filter(item => item instanceof DomainError)
  return deps.database.transaction(async tx => {
    const known = await record(tx, ctx, good, now)
    const begun = prepared.map(item =>
      item instanceof DomainError ? item : answer(deps, item, known.get(item.image.id)),
    )
    await settleOnce(tx, ctx, { items: begun.map(toSettled) })
    return begun
  })
}

function answer(deps: Deps, item: Prepared, known: Duplicate | DomainError | undefined): BegunUpload | DomainError {
  if (known instanceof DomainError) return known
  if (known) return { duplicate: true, imageId: known.image.id }
  const { image, signed, expiresAt } = item
  const storageUri = `${deps.blobs.uriPrefix}${originalKey(image.id)}`
  return { duplicate: false, imageId: image.id, signed, expiresAt, storageUri }
}

async function orRefusal<T>(work: () => Promise<T>): Promise<T | DomainError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && error.kind !== 'network' && error.kind !== 'storage') return error
    throw error
  }
}

/** Each project of the batch once, or why the caller may not upload there. */
async function findProjects(deps: Deps, ctx: Context, inputs: readonly BeginUploadInput[]) {
  const { projects } = deps.database
  const found = new Map<string | null, Project | DomainError>()
  for (const projectId of new Set(inputs.map(input => input.projectId)))
    found.set(projectId, await orRefusal(() => findProject({ projects }, ctx, { projectId, action: 'image.write' })))
  return found
}

async function prepare(
  deps: Deps,
  ctx: Context,
  input: BeginUploadInput,
  project: Project | undefined,
  now: Date,
): Promise<Prepared> {
  if (!project) throw new Error('Every project of the batch was looked up')
  const fileName = checkFileName(input.fileName)
  const declaredType = checkDeclaredType(input.declaredType, project.settings.limits.allowedTypes, 'json') ?? ''
  if (input.sizeBytes !== null) checkSize(input.sizeBytes, project)
  const labels = checkLabels(input)
  const id = newId()
  const { sizeBytes, sha256 } = input
  const expiresAt = new Date(now.getTime() + deps.uploadUrlSeconds * 1000)
  const { maxBytes, detectionTypes } = project.settings
  const bound = { projectId: project.id, imageId: id, objectKey: originalKey(id), contentType: declaredType }
  // Signed before the transaction, because signing may be a call of its own.
  const signed = await deps.uploads.sign({ ...bound, sizeBytes, maxBytes, sha256, expiresAt })
  const image: NewImage = {
    ...{ id, projectId: project.id, status: 'pending_upload', origin: 'upload', fileName, declaredType },
    ...{ declaredSize: sizeBytes, declaredSha256: sha256, sizeBytes: null, sha256: null, originalKey: null },
    ...{ uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id }, uploadedAt: null, uploadExpiresAt: expiresAt },
    priority: input.priority ?? 'normal',
    analysis: { status: 'none', types: input.detectionTypes ?? detectionTypes, result: null, updatedAt: null },
    ...labels,
  }
  return { image, signed, expiresAt }
}

/** By the id that the record would have had: the image that is there already, or why it could not be tried anew. */
type Known = Map<string, Duplicate | DomainError>

async function record(tx: Stores, ctx: Context, prepared: readonly Prepared[], now: Date): Promise<Known> {
  const known: Known = new Map()
  // In one order, so that two batches with the same hashes never wait for each other.
  for (const projectId of [...new Set(prepared.map(({ image }) => image.projectId))].sort())
    await findKnown(
      tx,
      ctx,
      prepared.map(({ image }) => image).filter(image => image.projectId === projectId),
      known,
    )
  const revived = new Map<string, Image | DomainError | null>()
  for (const [id, duplicate] of known) {
    if (duplicate instanceof DomainError || !duplicate.revive) continue
    const { image } = duplicate
    // Two items of one batch may name the same bytes: they are restored or tried anew once.
    const before = revived.get(image.id)
    const outcome = before === undefined ? await orRefusal(() => reviveDuplicate(tx, duplicate, now, ctx)) : before
    revived.set(image.id, outcome)
    if (outcome instanceof DomainError) known.set(id, outcome)
    // It began to be purged: the bytes are sent anew.
    if (outcome === null) known.delete(id)
  }
  const added = prepared.map(({ image }) => image).filter(image => !known.has(image.id))
  await tx.images.insertMany(added, now)
  await tx.events.appendMany(added.map(image => statusEvent({ ...image, failure: null }, now)))
  return known
}

/** Which images of one project have their bytes there already, for a caller who may read them. */
async function findKnown(tx: Stores, ctx: Context, images: readonly NewImage[], known: Known): Promise<void> {
  const projectId = images[0]?.projectId
  const hashes = [...new Set(images.flatMap(image => image.declaredSha256 ?? []))].sort()
  if (projectId === undefined || hashes.length === 0 || !may(ctx.actor, projectId, 'image.read')) return
  const originals = await tx.originals.lockManyBySha256(projectId, hashes)
  if (originals.length === 0) return
  const referring = await tx.images.findByOriginals(
    projectId,
    originals.map(original => original.objectKey),
  )
  for (const { sha256, objectKey } of originals) {
    const duplicate = chooseDuplicate(referring.filter(image => image.originalKey === objectKey))
    if (!duplicate) continue
    for (const image of images) if (image.declaredSha256 === sha256) known.set(image.id, duplicate)
  }
}
