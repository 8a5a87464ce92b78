import { findProject } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { newId } from '../ids.ts'
import { findDuplicate } from './find-duplicate.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { announce } from './move-image.ts'
import { retryInTransaction } from './retry-image.ts'
import { checkDeclaredType, checkFileName, checkSize } from './upload-rules.ts'
import type { SignedUpload, UploadSigner } from './upload-signer.ts'

type Deps = { database: Database; blobs: BlobStore; uploads: UploadSigner; clock: Clock; uploadUrlSeconds: number }

export interface BeginUploadInput {
  projectId: string | null
  fileName: string
  declaredType: string
  sizeBytes: number | null
  sha256: string | null
  detectionTypes: readonly string[] | null
  priority: Image['priority'] | null
}

export type BegunUpload =
  | { duplicate: true; imageId: string }
  | { duplicate: false; imageId: string; signed: SignedUpload; expiresAt: Date; storageUri: string }

/**
 * Answers a signed URL that is bound to one key, type, length and hash. The record exists as `pending_upload` before the URL leaves.
 * With a hash that the project has already, no byte needs to be sent.
 */
export async function beginUpload(deps: Deps, ctx: Context, input: BeginUploadInput): Promise<BegunUpload> {
  const fileName = checkFileName(input.fileName)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.write' })
  const declaredType = checkDeclaredType(input.declaredType, project.settings.limits.allowedTypes, 'json') ?? ''
  if (input.sizeBytes !== null) checkSize(input.sizeBytes, project)
  const now = deps.clock.now()
  // Signed before the transaction, because signing may be a call of its own; a URL without a row is worth nothing.
  const imageId = newId()
  const expiresAt = new Date(now.getTime() + deps.uploadUrlSeconds * 1000)
  const objectKey = originalKey(imageId)
  const { sizeBytes, sha256 } = input
  const terms = {
    projectId: project.id,
    imageId,
    objectKey,
    contentType: declaredType,
    sizeBytes,
    maxBytes: project.settings.maxBytes,
    sha256,
    expiresAt,
  }
  const signed = await deps.uploads.sign(terms)
  return deps.database.transaction(async tx => {
    const original = sha256 === null ? null : await tx.originals.lockBySha256(project.id, sha256)
    const known = original && (await findDuplicate(tx, ctx.actor, original))
    if (known) {
      if (known.retry) await retryInTransaction(tx, known.image, now, ctx.requestId)
      return { duplicate: true, imageId: known.image.id }
    }
    const types = input.detectionTypes ?? project.settings.detectionTypes
    const image = await tx.images.insert(
      {
        id: imageId,
        projectId: project.id,
        status: 'pending_upload',
        origin: 'upload',
        fileName,
        declaredType,
        declaredSize: sizeBytes,
        declaredSha256: sha256,
        sizeBytes: null,
        sha256: null,
        originalKey: null,
        uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id },
        uploadedAt: null,
        uploadExpiresAt: expiresAt,
        priority: input.priority ?? 'normal',
        analysis: { status: 'none', types, result: null, updatedAt: null },
      },
      now,
    )
    await announce(tx, image, now)
    return { duplicate: false, imageId, signed, expiresAt, storageUri: `${deps.blobs.uriPrefix}${objectKey}` }
  })
}
