import type { KnownUpload, UploadUrl, UploadUrlRequest } from '@calotype/contract'
import type { BeginUploadInput, BegunUpload } from '@calotype/core'
import type { Deps } from '../deps.ts'

/** What a request for an upload URL means to the verb. */
export const uploadInputOf = (item: UploadUrlRequest): BeginUploadInput => ({
  projectId: item.project_id ?? null,
  fileName: item.file_name,
  declaredType: item.mime_type,
  sizeBytes: item.file_size ?? null,
  sha256: item.sha256 ?? null,
  detectionTypes: item.detection_types ?? null,
  priority: item.priority ?? null,
  alt: item.alt,
  reference: item.reference,
  attributes: item.attributes,
})

export const presentKnown = (deps: Pick<Deps, 'publicUrl'>, imageId: string): KnownUpload => ({
  image_id: imageId,
  duplicate: true,
  status_url: statusUrl(deps, imageId),
})

export const presentUploadUrl = (
  deps: Pick<Deps, 'publicUrl' | 'clock'>,
  { imageId, signed, expiresAt, storageUri }: Extract<BegunUpload, { duplicate: false }>,
): UploadUrl => ({
  image_id: imageId,
  upload_url: signed.url,
  method: signed.method,
  headers: signed.headers,
  ...(signed.fields ? { fields: signed.fields } : {}),
  expires_at: expiresAt.toISOString(),
  // Of a repeated answer it is what is left.
  expires_in_seconds: Math.max(0, Math.ceil((expiresAt.getTime() - deps.clock.now().getTime()) / 1000)),
  storage_uri: storageUri,
  status_url: statusUrl(deps, imageId),
})

const statusUrl = (deps: Pick<Deps, 'publicUrl'>, imageId: string) => `${deps.publicUrl}/api/v1/images/${imageId}`
