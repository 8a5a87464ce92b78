import { createHash } from 'node:crypto'
import { Image as WireImage } from '@calotype/contract'
import { type Actor, type Context, getImage, getImageVersion, type Image, type ImageAddress, may } from '@calotype/core'
import { z } from 'zod'
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
 * the version that is kept: an answer is never older than the request. What this process does not keep another one may have left in the
 * shared cache, under the version and the caller's rights.
 */
export interface ImageAnswers {
  /** Rejects with `not_found`. */
  find(ctx: Context, imageId: string): Promise<ImageAnswer>
  write(image: Image, actor: Actor): ImageAnswer
}

/** Versions that nobody asks for any more are forgotten by then. */
const SHARED_SECONDS = 3_600
/** What answers look like: processes of an older and a newer program share a cache while one replaces the other. */
const FORM = JSON.stringify(z.toJSONSchema(WireImage, { unrepresentable: 'any' }))

const fingerprint = (bytes: string | Buffer): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 22)

const answerOf = (projectId: string, text: string): ImageAnswer => {
  const body = Buffer.from(text)
  return { projectId, body, etag: `"${fingerprint(body)}"` }
}

export function createImageAnswers(
  deps: Pick<Deps, 'database' | 'blobs' | 'metadataCacheBytes' | 'sharedCache'>,
): ImageAnswers {
  const cache = createByteCache<ImageAnswer>(deps.metadataCacheBytes, answer => answer.body.byteLength)
  const findVersion = coalesce((addresses: readonly ImageAddress[]) => deps.database.images.findVersions(addresses))
  const write = (image: Image, actor: Actor): ImageAnswer => {
    const wire = WireImage.parse(presentImage(image, { actor, uriPrefix: deps.blobs.uriPrefix }))
    return answerOf(image.projectId, JSON.stringify(wire))
  }
  const { sharedCache } = deps
  // Another storage, another address of the original; another contract, another form.
  const dialect = fingerprint(`${deps.blobs.uriPrefix} ${FORM}`)
  return {
    write,
    async find(ctx, imageId) {
      if (deps.metadataCacheBytes === 0) return write(await getImage(deps, ctx, { imageId }), ctx.actor)
      const { projectId, version } = await getImageVersion({ findVersion }, ctx, { imageId })
      // Everything that an answer depends on besides the image itself is in the key.
      const key = `${imageId} ${version} ${may(ctx.actor, projectId, 'image.read_private')}`
      const known = cache.get(key)
      if (known) return known
      const name = `image:${dialect}:${key}`
      const shared = (await sharedCache?.get(name)) ?? null
      const answer =
        shared === null ? write(await getImage(deps, ctx, { imageId }), ctx.actor) : answerOf(projectId, shared)
      if (shared === null) sharedCache?.put(name, answer.body.toString(), SHARED_SECONDS)
      cache.set(key, answer)
      return answer
    },
  }
}
