import { createHash } from 'node:crypto'
import { Image as WireImage } from '@calotype/contract'
import { type Actor, type Context, getImage, getImageVersion, type Image, type ImageAddress, may } from '@calotype/core'
import { createByteCache } from '../byte-cache.ts'
import type { Deps } from '../deps.ts'
import { coalesce } from './coalesce.ts'
import { presentImage } from './present-image.ts'

/** An image as JSON for callers with certain rights, and the ETag of exactly this. */
export interface ImageAnswer {
  projectId: string
  /** JSON as it goes over the wire. */
  body: Buffer
  etag: string
}

/**
 * Answers about images. They are kept, but the database is asked each time whether the image is there for this caller and still has
 * the version that is kept: an answer is never older than the request.
 */
export interface ImageAnswers {
  /** Rejects with `not_found`. */
  find(ctx: Context, imageId: string): Promise<ImageAnswer>
  write(image: Image, actor: Actor): ImageAnswer
}

export function createImageAnswers(deps: Pick<Deps, 'database' | 'blobs' | 'metadataCacheBytes'>): ImageAnswers {
  const cache = createByteCache<ImageAnswer>(deps.metadataCacheBytes, answer => answer.body.byteLength)
  const findVersion = coalesce((addresses: readonly ImageAddress[]) => deps.database.images.findVersions(addresses))
  const write = (image: Image, actor: Actor): ImageAnswer => {
    const wire = WireImage.parse(presentImage(image, { actor, uriPrefix: deps.blobs.uriPrefix }))
    const body = Buffer.from(JSON.stringify(wire))
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    return { projectId: image.projectId, body, etag }
  }
  return {
    write,
    async find(ctx, imageId) {
      if (deps.metadataCacheBytes === 0) return write(await getImage(deps, ctx, { imageId }), ctx.actor)
      const { projectId, version } = await getImageVersion({ findVersion }, ctx, { imageId })
      // Everything that an answer depends on besides the image itself is in the key.
      const key = `${imageId} ${version} ${may(ctx.actor, projectId, 'image.read_private')}`
      const known = cache.get(key)
      if (known) return known
      const answer = write(await getImage(deps, ctx, { imageId }), ctx.actor)
      cache.set(key, answer)
      return answer
    },
  }
}
