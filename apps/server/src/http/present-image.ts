import type { Image as WireImage } from '@calotype/contract'
import { type Actor, type Image, may, originalKey } from '@calotype/core'

const time = (at: Date | null): string | null => at?.toISOString() ?? null

/** (original − smallest `full`) / original × 100, to two decimals. */
function savedPercent(image: Image): number | null {
  const sizes = image.variants.filter(variant => variant.name === 'full').map(variant => variant.sizeBytes)
  if (sizes.length === 0 || !image.sizeBytes) return null
  return Math.round(((image.sizeBytes - Math.min(...sizes)) / image.sizeBytes) * 10_000) / 100
}

/** An image as this caller may see it: GPS only with the right to it, nothing of what a deleted one held. */
export function presentImage(image: Image, to: { actor: Actor; uriPrefix: string }): WireImage {
  const deleted = image.status === 'deleted'
  const seesPrivate = may(to.actor, image.projectId, 'image.read_private')
  const metadata =
    image.metadata && !deleted ? { ...image.metadata, gps: seesPrivate ? image.metadata.gps : null } : null
  const self = `/api/v1/images/${image.id}`
  return {
    id: image.id,
    project_id: image.projectId,
    status: image.status,
    file_name: image.fileName,
    declared_type: image.declaredType,
    content_type: image.contentType,
    size_bytes: image.sizeBytes ?? image.declaredSize,
    sha256: image.sha256 ?? image.declaredSha256,
    width: image.width,
    height: image.height,
    animated: image.animated,
    metadata,
    placeholder: deleted ? null : image.placeholder,
    perceptual_hash: deleted ? null : image.perceptualHash,
    notes: deleted ? [] : [...image.notes],
    variants: deleted
      ? []
      : image.variants.map(variant => ({
          name: variant.name,
          format: variant.format,
          content_type: variant.contentType,
          width: variant.width,
          height: variant.height,
          size_bytes: variant.sizeBytes,
          object_key: variant.objectKey,
          encoding: variant.encoding,
        })),
    saved_percent: deleted ? null : savedPercent(image),
    uploaded_by: image.uploadedBy,
    uploaded_at: time(image.uploadedAt),
    analysis: {
      status: image.analysis.status,
      types: [...image.analysis.types],
      result: deleted ? null : image.analysis.result,
      updated_at: time(image.analysis.updatedAt),
    },
    failure: image.failure,
    storage_uri: deleted ? null : `${to.uriPrefix}${image.originalKey ?? originalKey(image.id)}`,
    alt: image.alt,
    reference: image.reference,
    attributes: image.attributes,
    history: image.history.map(entry => ({ status: entry.status, at: entry.at.toISOString(), detail: entry.detail })),
    created_at: image.createdAt.toISOString(),
    updated_at: image.updatedAt.toISOString(),
    purge_at: time(image.purgeAt),
    links: { self, file: `${self}/file`, signed_url: `${self}/signed-url` },
  }
}
