import { FileUseQuery, ImageIdParams } from '@calotype/contract'
import {
  type BlobPurpose,
  getOriginal,
  getVariants,
  negotiateFormats,
  noteOriginal,
  notFound,
  type OriginalUse,
  type Variant,
} from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'
import { sendObject } from '../send-object.ts'

/** A file name for `Content-Disposition` (RFC 6266): ASCII fallback and the true name in UTF-8. */
function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** `GET /images/{id}/file`: the bytes, for callers with a credential. */
export function getFile(app: App, deps: Deps): void {
  const schema = {
    summary: 'Download a variant or the original',
    description:
      'Negotiated by `Accept` when no `format` is named. `variant=original` needs the right to private data.',
    tags: ['delivery'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    querystring: FileUseQuery,
    response: withProblems({}, [400, 403, 410, 416]),
  }
  app.get('/images/:id/file', { schema }, async (request, reply) => {
    const imageId = request.params.id
    request.imageId = imageId
    const { variant: name, format, use } = request.query
    if (name === 'original') return sendOriginal(deps, request, reply, { imageId, use })
    const { image, variants } = await getVariants(deps, contextOf(request), { imageId, variant: name })
    const formats = format ? [format] : negotiateFormats(request.headers.accept)
    const chosen = formats
      .map(wanted => variants.find(variant => variant.format === wanted))
      .find(variant => variant !== undefined)
    if (!chosen) throw notFound()
    reply.header('vary', 'Accept, Origin')
    return sendVariant(deps, request, reply, chosen, { projectId: image.projectId, purpose: 'delivery' })
  })
}

function sendVariant(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  variant: Variant,
  by: BlobPurpose,
): Promise<FastifyReply> {
  return sendObject(request, reply, {
    sizeBytes: variant.sizeBytes,
    etag: `"${variant.objectKey.split('/').slice(2).join('-')}-${variant.sizeBytes}"`,
    contentType: variant.contentType,
    cacheControl: 'private, no-cache',
    read: range => deps.blobs.read(variant.objectKey, range, by),
  })
}

async function sendOriginal(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { imageId, use }: { imageId: string; use: OriginalUse },
): Promise<FastifyReply> {
  const ctx = contextOf(request)
  const { image, objectKey } = await getOriginal(deps, ctx, { imageId })
  return sendObject(request, reply, {
    sizeBytes: image.sizeBytes ?? 0,
    etag: `"${image.sha256 ?? objectKey}"`,
    // Only what the engine has proved is named; anything else is bytes.
    contentType: image.contentType ?? 'application/octet-stream',
    cacheControl: 'private, no-cache',
    headers: { 'content-disposition': attachment(image.fileName) },
    read: async range => {
      await noteOriginal(deps, ctx, { image, use })
      return deps.blobs.read(objectKey, range, { projectId: image.projectId, purpose: 'delivery' })
    },
  })
}
