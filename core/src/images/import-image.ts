import { z } from 'zod'
import { findProject, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import type { RemoteFiles } from '../net/index.ts'
import { MAX_REQUEUE_MS } from './attempt.ts'
import type { Image } from './image.ts'
import type { NewImage } from './image-store.ts'
import { checkLabels, type LabelInput } from './labels.ts'
import { announce } from './move-image.ts'
import { MAX_FILE_NAME_LENGTH } from './upload-rules.ts'

type Deps = { database: Database; clock: Clock; remoteFiles: RemoteFiles }

/** Past all tries of the job: what is pending after this has no job left, and the sweep settles it. */
export const IMPORT_LIFE_MS = MAX_REQUEUE_MS + 3_600_000

export interface ImportInput extends LabelInput {
  url: string
  projectId: string | null
  detectionTypes: readonly string[] | null
  priority: Image['priority'] | null
}

/** What was settled under an Idempotency-Key. */
const Settled = z.object({ imageId: z.string() })

/**
 * An image whose bytes a job fetches: `pending_upload` until they are there. Rejects with `import_refused` where the URL itself shows that
 * it is never fetched; what comes of the fetch is the status of the image.
 */
export const importImage = (deps: Deps, ctx: Context, input: ImportInput): Promise<Image> =>
  runOnce(deps, ctx, input, {
    run: once => start(deps, once, input),
    repeat: async result => {
      const image = await deps.database.images.find(ctx.actor.organizationId, Settled.parse(result).imageId)
      if (!image) throw notFound()
      return image
    },
  })

async function start(deps: Deps, ctx: Context, input: ImportInput): Promise<Image> {
  const { projectId } = input
  const project = await findProject(deps.database, ctx, { projectId, action: 'image.write' })
  const url = deps.remoteFiles.check(input.url)
  const at = deps.clock.now()
  const types = input.detectionTypes ?? project.settings.detectionTypes
  const image: NewImage = {
    ...{ id: newId(), projectId: project.id, status: 'pending_upload', origin: 'import', fileName: fileNameIn(url) },
    ...{
      declaredType: null,
      declaredSize: null,
      declaredSha256: null,
      sizeBytes: null,
      sha256: null,
      originalKey: null,
    },
    uploadedBy: { kind: ctx.actor.kind, id: ctx.actor.id },
    uploadedAt: null,
    uploadExpiresAt: new Date(at.getTime() + IMPORT_LIFE_MS),
    priority: input.priority ?? 'normal',
    analysis: { status: 'none', types, result: null, updatedAt: null },
    ...checkLabels(input),
  }
  return deps.database.transaction(async tx => {
    const added = await tx.images.insert(image, at)
    const payload = { projectId: project.id, imageId: added.id, url, requestId: ctx.requestId }
    await tx.jobs.enqueue('image.import', payload, { key: importKey(added.id) })
    await announce(tx, added, at)
    await settleOnce(tx, ctx, { imageId: added.id })
    return added
  })
}

export const importKey = (imageId: string): string => `image.import:${imageId}`

/** The last part of the path, as a person would name the file. */
function fileNameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  const readable = [...decoded(last).replace(/\p{Cc}/gu, '')].slice(0, MAX_FILE_NAME_LENGTH).join('')
  return readable.trim() === '' ? 'import' : readable
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
