import type { Readable } from 'node:stream'
import { z } from 'zod'
import { findProject, notFound, type Project } from '../access/index.ts'
import type { BlobStore, StoredBlob } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError } from '../errors.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import type { InFlight } from '../limits/index.ts'
import { SOURCE_TYPES } from '../rendering/index.ts'
import { enqueueProcessing } from './enqueue.ts'
import { checksumMismatch, missingFile } from './errors.ts'
import { findDuplicate, reviveDuplicate } from './find-duplicate.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import { checkLabels } from './labels.ts'
import { announce } from './move-image.ts'
import { registerOriginal } from './register-original.ts'
import { tellWebhooks } from './tell-webhooks.ts'
import { checkDeclaredType, checkFileName, checkSize } from './upload-rules.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; maxUploadBytes: number; inFlight: InFlight }

/** What was sent besides the file. */
export interface UploadFields {
  project_id?: string | undefined
  sha256?: string | undefined
  detection_types?: readonly string[] | undefined
  priority?: Image['priority'] | undefined
  alt?: string | undefined
  reference?: string | undefined
  attributes?: Record<string, unknown> | undefined
}

/** The file of a form, as it begins to arrive. */
export interface UploadFile {
  body: Readable
  fileName: string
  declaredType: string | null
  /** Where the form named it before the file: then its rules hold while the bytes stream. */
  projectId?: string | null
}

/** Hands the form's one file on the moment it comes, and resolves with the fields, which may come before or after it. */
export type ReadUploadForm = (takeFile: (file: UploadFile) => Promise<void>) => Promise<UploadFields>

interface Staged extends StoredBlob {
  imageId: string
  fileName: string
  declaredType: string | null
}

/**
 * A multipart upload: the file is streamed to storage, hashed and capped on the way; then one transaction makes the image, its job, its
 * meter entry and its history line. The same bytes again answer the image that is there already. What is refused leaves nothing behind.
 */
export async function acceptUpload(
  deps: Deps,
  ctx: Context,
  readForm: ReadUploadForm,
): Promise<{ image: Image; duplicate: boolean }> {
  const { projects } = deps.database
  // The form may name its project after the file: until then the caller's default one stands in for where and how many.
  const defaultProject = await findProject({ projects }, ctx, { projectId: null, action: 'image.write' })
  let staged: Staged | null = null
  // Bytes that would not go now are the sweep's: they change nothing about the answer.
  const discard = async () => {
    const by = { projectId: defaultProject.id, purpose: 'original' as const }
    if (staged) await deps.blobs.remove([originalKey(staged.imageId)], by).catch(() => [])
  }
  try {
    const fields = await readForm(async file => {
      const projectId = file.projectId ?? null
      const named =
        projectId === null ? null : await findProject({ projects }, ctx, { projectId, action: 'image.write' })
      staged = await stage(deps, file, named ?? defaultProject, named !== null)
    })
    const accepted = await accept(deps, ctx, staged, fields)
    if (!accepted.keepBytes) await discard()
    return accepted
  } catch (error) {
    // After a lost connection nobody knows whether the transaction was committed: the sweep will, and removes what belongs to nothing.
    if (error instanceof DomainError && error.kind !== 'network') await discard()
    throw error
  }
}

async function stage(deps: Deps, file: UploadFile, project: Project, decided: boolean): Promise<Staged> {
  const fileName = checkFileName(file.fileName)
  // While the project is not decided, any type and size goes that some project may take.
  const allowed = decided ? project.settings.limits.allowedTypes : SOURCE_TYPES
  const declaredType = checkDeclaredType(file.declaredType, allowed, 'part')
  const maxBytes = decided ? Math.min(deps.maxUploadBytes, project.settings.maxBytes) : deps.maxUploadBytes
  const imageId = newId()
  const options = { maxBytes, contentType: declaredType ?? 'application/octet-stream' }
  const by = { projectId: project.id, purpose: 'original' as const }
  const stored = await deps.inFlight.hold(project.id, () =>
    deps.blobs.put(originalKey(imageId), file.body, options, by),
  )
  return { ...stored, imageId, fileName, declaredType }
}

async function accept(deps: Deps, ctx: Context, staged: Staged | null, fields: UploadFields): Promise<Recorded> {
  if (!staged) throw missingFile()
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: fields.project_id ?? null, action: 'image.write' })
  checkDeclaredType(staged.declaredType, project.settings.limits.allowedTypes, 'part')
  checkSize(staged.sizeBytes, project)
  if (fields.sha256 !== undefined && fields.sha256 !== staged.sha256) throw checksumMismatch()
  const { sha256, fileName, declaredType } = staged
  return runOnce(deps, ctx, [fields, sha256, fileName, declaredType], {
    run: once => deps.database.transaction(tx => record(tx, deps.clock.now(), once, project, staged, fields)),
    repeat: result => repeat(deps, ctx, result),
  })
}

type Recorded = { image: Image; duplicate: boolean; keepBytes: boolean }

/** What was settled under an Idempotency-Key. */
const Settled = z.object({ imageId: z.string(), duplicate: z.boolean() })

async function repeat(deps: Deps, ctx: Context, result: unknown): Promise<Recorded> {
  const { imageId, duplicate } = Settled.parse(result)
  const image = await deps.database.images.find(ctx.actor.organizationId, imageId)
  if (!image) throw notFound()
  return { image, duplicate, keepBytes: false }
}

async function record(
  tx: Stores,
  at: Date,
  ctx: Context,
  project: Project,
  staged: Staged,
  fields: UploadFields,
): Promise<Recorded> {
  const ownKey = originalKey(staged.imageId)
  const bytes = { projectId: project.id, objectKey: ownKey, sha256: staged.sha256, sizeBytes: staged.sizeBytes }
  const { original, existed } = await registerOriginal(tx, bytes)
  if (existed) {
    const known = await findDuplicate(tx, ctx.actor, original)
    const image = known && (await reviveDuplicate(tx, known, at, ctx))
    if (image) {
      await settleOnce(tx, ctx, { imageId: image.id, duplicate: true })
      return { image, duplicate: true, keepBytes: false }
    }
  } else {
    await tx.usage.record([
      { projectId: project.id, cause: `original:${ownKey}`, purpose: 'original', storedBytes: staged.sizeBytes },
    ])
  }
  const labels = checkLabels(fields)
  const types = fields.detection_types ?? project.settings.detectionTypes
  const image = await tx.images.insert(
    {
      id: staged.imageId,
      projectId: project.id,
      status: 'uploaded',
      origin: 'upload',
      fileName: staged.fileName,
      declaredType: staged.declaredType,
      declaredSize: null,
      declaredSha256: fields.sha256 ?? null,
      sizeBytes: staged.sizeBytes,
      sha256: staged.sha256,
      originalKey: original.objectKey,
      uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id },
      uploadedAt: at,
      uploadExpiresAt: null,
      priority: fields.priority ?? 'normal',
      analysis: { status: 'none', types, result: null, updatedAt: null },
      ...labels,
    },
    at,
  )
  await enqueueProcessing(tx, image, ctx.requestId)
  await announce(tx, image, at)
  await tellWebhooks(tx, [{ from: null, image }], at)
  await settleOnce(tx, ctx, { imageId: image.id, duplicate: false })
  return { image, duplicate: false, keepBytes: !existed }
}
