import { z } from 'zod'
import { notFound } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { DomainError, type ErrorKind } from '../errors.ts'
import type { BegunUpload } from './begun-upload.ts'
import type { Image } from './image.ts'
import { originalKey } from './keys.ts'
import type { UploadSigner } from './upload-signer.ts'

type Deps = { database: Database; blobs: BlobStore; uploads: UploadSigner }

/** What is kept of an answer under an Idempotency-Key: which image, or why none. */
const Settled = z.object({
  items: z.array(
    z.union([
      z.object({ imageId: z.string(), duplicate: z.boolean() }),
      z.object({ kind: z.string(), code: z.string(), detail: z.string() }),
    ]),
  ),
})

export const toSettled = (begun: BegunUpload | DomainError) =>
  begun instanceof DomainError
    ? { kind: begun.kind, code: begun.code, detail: begun.message }
    : { imageId: begun.imageId, duplicate: begun.duplicate }

/** The same images once more, their URLs signed anew on the same terms: what was sent there already is refused by storage. */
export async function repeatUploads(
  deps: Deps,
  ctx: Context,
  result: unknown,
): Promise<ReadonlyArray<BegunUpload | DomainError>> {
  const { items } = Settled.parse(result)
  const ids = items.flatMap(item => ('imageId' in item ? [item.imageId] : []))
  const found = await deps.database.images.findMany(ctx.actor.organizationId, ids)
  const images = new Map(found.map(image => [image.id, image]))
  const again: Array<BegunUpload | DomainError> = []
  for (const item of items) {
    if ('code' in item) {
      // Kinds are kept as text; one that this program no longer knows is none of ours.
      again.push(new DomainError(kindOf(item.kind), item.code, item.detail))
      continue
    }
    const image = images.get(item.imageId)
    if (!image) again.push(notFound())
    else again.push(item.duplicate ? { duplicate: true, imageId: image.id } : await signAgain(deps, ctx, image))
  }
  return again
}

const KINDS: readonly ErrorKind[] = ['invalid', 'forbidden', 'not_found', 'content', 'too_large', 'conflict', 'gone']

const kindOf = (kind: string): ErrorKind => KINDS.find(known => known === kind) ?? 'invalid'

async function signAgain(deps: Deps, ctx: Context, image: Image): Promise<BegunUpload> {
  const project = await deps.database.projects.find(ctx.actor.organizationId, image.projectId)
  if (!project || image.uploadExpiresAt === null) throw notFound()
  const objectKey = originalKey(image.id)
  const signed = await deps.uploads.sign({
    ...{ projectId: project.id, imageId: image.id, objectKey, contentType: image.declaredType ?? '' },
    ...{ sizeBytes: image.declaredSize, maxBytes: project.settings.maxBytes, sha256: image.declaredSha256 },
    expiresAt: image.uploadExpiresAt,
  })
  const storageUri = `${deps.blobs.uriPrefix}${objectKey}`
  return { duplicate: false, imageId: image.id, signed, expiresAt: image.uploadExpiresAt, storageUri }
}
