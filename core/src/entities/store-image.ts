import type { Readable } from 'node:stream'
import { findProject, type Project } from '../access/index.ts'
import type { BlobStore, StoredBlob } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError } from '../errors.ts'
import { runOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import {
  announce,
  checkDeclaredType,
  checkFileName,
  checkSize,
  checksumMismatch,
  enqueueProcessing,
  type Image,
  missingFile,
  originalKey,
  registerOriginal,
} from '../images/index.ts'
import type { InFlight } from '../limits/index.ts'
import { SOURCE_TYPES } from '../rendering/index.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; maxUploadBytes: number; inFlight: InFlight }

export interface EntityFile {
  body: Readable
  fileName: string
  declaredType: string | null
  /** Where the request named it before the file: then its rules hold while the bytes stream. */
  projectId: string | null
}

export interface EntityFields {
  projectId: string | null
  sha256: string | null
  caption: string | null
}

/** Hands the form's one file on the moment it comes, and resolves with the fields, which may come before or after it. */
export type ReadEntityForm = (takeFile: (file: EntityFile) => Promise<void>) => Promise<EntityFields>

/** What is done with the new image in the transaction that makes it. */
export interface Placement<T> {
  /** What tells this request from another one with the same Idempotency-Key. */
  request: readonly unknown[]
  place(tx: Stores, once: Context, made: { image: Image; project: Project; fields: EntityFields; at: Date }): Promise<T>
  /** What the same request is answered with. */
  repeat(result: unknown): Promise<T>
}

interface Staged extends StoredBlob {
  imageId: string
  fileName: string
  declaredType: string | null
}

/**
 * A file for a slot or a gallery: streamed to storage, then one transaction makes an image record of its own, its job, its meter entry,
 * and its place. The same bytes share their original, never the record. What is refused leaves nothing behind.
 */
export async function storeImage<T>(
  deps: Deps,
  ctx: Context,
  readForm: ReadEntityForm,
  placement: Placement<T>,
): Promise<T> {
  const { projects } = deps.database
  const fallback = await findProject({ projects }, ctx, { projectId: null, action: 'image.write' }).catch(ifNamed)
  let staged: Staged | null = null
  // Bytes that would not go now are the sweep's: they change nothing about the answer.
  const discard = async () => {
    const by = { projectId: fallback?.id ?? '', purpose: 'original' as const }
    if (staged) await deps.blobs.remove([originalKey(staged.imageId)], by).catch(() => [])
  }
  try {
    const fields = await readForm(async file => {
      const named = file.projectId === null ? null : await findProject({ projects }, ctx, writeTo(file.projectId))
      staged = await stage(deps, file, named ?? fallback, named !== null)
    })
    const project = await findProject({ projects }, ctx, writeTo(fields.projectId))
    const bytes = check(staged, fields, project)
    const { imageId: _, ...told } = bytes
    let spare = true
    const answer = await runOnce(deps, ctx, [placement.request, fields, told], {
      run: once =>
        deps.database.transaction(async tx => {
          const at = deps.clock.now()
          const { image, existed } = await record(tx, ctx, project, bytes, at)
          spare = existed
          return placement.place(tx, once, { image, project, fields, at })
        }),
      repeat: placement.repeat,
    })
    if (spare) await discard()
    return answer
  } catch (error) {
    // After a lost connection nobody knows whether the transaction was committed: the sweep will, and removes what belongs to nothing.
    if (error instanceof DomainError && error.kind !== 'network') await discard()
    throw error
  }
}

const writeTo = (projectId: string | null) => ({ projectId, action: 'image.write' as const })

/** A caller without a default project may name one; whether it may write at all is decided then. */
function ifNamed(error: unknown): null {
  if (error instanceof DomainError && error.kind === 'not_found') return null
  throw error
}

async function stage(deps: Deps, file: EntityFile, project: Project | null, decided: boolean): Promise<Staged> {
  const fileName = checkFileName(file.fileName)
  // While the project is not decided, any type and size goes that some project may take.
  const settings = decided ? (project?.settings ?? null) : null
  const declaredType = checkDeclaredType(file.declaredType, settings?.limits.allowedTypes ?? SOURCE_TYPES, 'part')
  const maxBytes = Math.min(deps.maxUploadBytes, settings?.maxBytes ?? deps.maxUploadBytes)
  const imageId = newId()
  const options = { maxBytes, contentType: declaredType ?? 'application/octet-stream' }
  const projectId = project?.id ?? ''
  const stored = await deps.inFlight.hold(projectId, () =>
    deps.blobs.put(originalKey(imageId), file.body, options, { projectId, purpose: 'original' }),
  )
  return { ...stored, imageId, fileName, declaredType }
}

function check(staged: Staged | null, fields: EntityFields, project: Project): Staged {
  if (!staged) throw missingFile()
  checkDeclaredType(staged.declaredType, project.settings.limits.allowedTypes, 'part')
  checkSize(staged.sizeBytes, project)
  if (fields.sha256 !== null && fields.sha256 !== staged.sha256) throw checksumMismatch()
  return staged
}

async function record(tx: Stores, ctx: Context, project: Project, staged: Staged, at: Date) {
  const { sha256, sizeBytes, fileName, declaredType, imageId } = staged
  const ownKey = originalKey(imageId)
  const projectId = project.id
  const { original, existed } = await registerOriginal(tx, { projectId, objectKey: ownKey, sha256, sizeBytes })
  if (!existed) {
    const entry = { projectId, cause: `original:${ownKey}`, purpose: 'original', storedBytes: sizeBytes }
    await tx.usage.record([entry])
  }
  const image = await tx.images.insert(
    {
      ...{ id: imageId, projectId, status: 'uploaded', origin: 'slot', fileName, declaredType },
      ...{ declaredSize: null, declaredSha256: null, sizeBytes, sha256, originalKey: original.objectKey },
      ...{ uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id }, uploadedAt: at, uploadExpiresAt: null },
      priority: 'normal',
      analysis: { status: 'none', types: project.settings.detectionTypes, result: null, updatedAt: null },
      ...{ alt: null, reference: null, attributes: {} },
    },
    at,
  )
  await enqueueProcessing(tx, image, ctx.requestId)
  await announce(tx, image, at)
  return { image, existed }
}
