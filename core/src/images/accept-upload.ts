import type { Readable } from 'node:stream'
import { findProject, type Project } from '../access/index.ts'
import type { BlobStore, StoredBlob } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { enqueueProcessing } from './enqueue.ts'
import { checksumMismatch } from './errors.ts'
import { findDuplicate } from './find-duplicate.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { announce } from './move-image.ts'
import { registerOriginal } from './register-original.ts'
import { retryInTransaction } from './retry-image.ts'
import { checkDeclaredType, checkFileName, checkSize } from './upload-rules.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock }

/** Bytes that lie in storage already while nothing in the database names them yet. */
export interface StagedUpload extends StoredBlob {
  imageId: string
  fileName: string
  declaredType: string | null
}

/**
 * First half of a multipart upload: streams the body to storage, hashing and capping on the way. The form's fields may come after the
 * file, so only the caller's default project is known here; `acceptUpload` checks against the right one.
 */
export async function stageUpload(
  deps: Deps,
  ctx: Context,
  input: { body: Readable; fileName: string; declaredType: string | null; projectId: string | null; maxBytes: number },
): Promise<StagedUpload> {
  const fileName = checkFileName(input.fileName)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  const declaredType = checkDeclaredType(input.declaredType, project, 'allowed')
  const imageId = newId()
  const by = { projectId: project.id, purpose: 'original' as const }
  const options = { maxBytes: input.maxBytes, contentType: declaredType ?? 'application/octet-stream' }
  const stored = await deps.blobs.put(originalKey(imageId), input.body, options, by)
  return { ...stored, imageId, fileName, declaredType }
}

/** Takes back what was staged, when the upload is refused. */
export async function discardStaged(deps: Pick<Deps, 'blobs'>, staged: StagedUpload, projectId: string): Promise<void> {
  await deps.blobs.remove([originalKey(staged.imageId)], { projectId, purpose: 'original' })
}

export interface AcceptInput {
  staged: StagedUpload
  projectId: string | null
  sha256: string | null
  detectionTypes: readonly string[] | null
  priority: Image['priority'] | null
}

/**
 * Second half: one transaction makes the image, its job, its meter entry and its history line. The same bytes again answer the image
 * that is there already. Whatever is refused leaves nothing behind.
 */
export async function acceptUpload(
  deps: Deps,
  ctx: Context,
  input: AcceptInput,
): Promise<{ image: Image; duplicate: boolean }> {
  const { staged } = input
  let keepBytes = false
  let metered = ''
  try {
    const { projects } = deps.database
    const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
    metered = project.id
    checkDeclaredType(staged.declaredType, project, 'allowed')
    checkSize(staged.sizeBytes, project)
    if (input.sha256 !== null && input.sha256 !== staged.sha256) throw checksumMismatch()
    const accepted = await deps.database.transaction(tx => record(tx, deps.clock.now(), ctx, project, input))
    keepBytes = accepted.keepBytes
    return accepted
  } finally {
    if (!keepBytes) await discardStaged(deps, staged, metered)
  }
}

type Recorded = { image: Image; duplicate: boolean; keepBytes: boolean }

async function record(tx: Stores, at: Date, ctx: Context, project: Project, input: AcceptInput): Promise<Recorded> {
  const { staged } = input
  const ownKey = originalKey(staged.imageId)
  const bytes = { projectId: project.id, objectKey: ownKey, sha256: staged.sha256, sizeBytes: staged.sizeBytes }
  const { original, existed } = await registerOriginal(tx, bytes)
  if (existed) {
    const known = await findDuplicate(tx, ctx.actor, original)
    if (known) {
      const image = known.retry ? await retryInTransaction(tx, known.image, at, ctx.requestId) : known.image
      return { image, duplicate: true, keepBytes: false }
    }
  } else {
    await tx.usage.record([
      { projectId: project.id, cause: `original:${ownKey}`, purpose: 'original', storedBytes: staged.sizeBytes },
    ])
  }
  const types = input.detectionTypes ?? project.settings.detectionTypes
  const image = await tx.images.insert(
    {
      id: staged.imageId,
      projectId: project.id,
      status: 'uploaded',
      origin: 'upload',
      fileName: staged.fileName,
      declaredType: staged.declaredType,
      declaredSize: null,
      declaredSha256: input.sha256,
      sizeBytes: staged.sizeBytes,
      sha256: staged.sha256,
      originalKey: original.objectKey,
      uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id },
      uploadedAt: at,
      uploadExpiresAt: null,
      priority: input.priority ?? 'normal',
      analysis: { status: 'none', types, result: null, updatedAt: null },
    },
    at,
  )
  await enqueueProcessing(tx, image, ctx.requestId)
  await announce(tx, image, at)
  return { image, duplicate: false, keepBytes: !existed }
}
