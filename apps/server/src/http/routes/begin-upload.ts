import { KnownUpload, UploadUrl, UploadUrlRequest } from '@calotype/contract'
import { beginUpload as begin } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/upload-url`: a signed URL to send the bytes to, never through the API. */
export function beginUpload(app: App, deps: Deps): void {
  const schema = {
    summary: 'Ask for a signed upload URL',
    tags: ['images'],
    body: UploadUrlRequest,
    response: withProblems({ 200: KnownUpload, 201: UploadUrl }, [400, 413, 422]),
  }
  app.post('/images/upload-url', { schema }, async (request, reply) => {
    const { body } = request
    const begun = await begin(deps, contextOf(request), {
      projectId: body.project_id ?? null,
      fileName: body.file_name,
      declaredType: body.mime_type,
      sizeBytes: body.file_size ?? null,
      sha256: body.sha256 ?? null,
      detectionTypes: body.detection_types ?? null,
      priority: body.priority ?? null,
    })
    request.imageId = begun.imageId
    const status_url = `${deps.publicUrl}/api/v1/images/${begun.imageId}`
    if (begun.duplicate) return reply.code(200).send({ image_id: begun.imageId, duplicate: true as const, status_url })
    const { signed, expiresAt } = begun
    return reply.code(201).send({
      image_id: begun.imageId,
      upload_url: signed.url,
      method: signed.method,
      headers: signed.headers,
      ...(signed.fields ? { fields: signed.fields } : {}),
      expires_at: expiresAt.toISOString(),
      expires_in_seconds: deps.uploadUrlSeconds,
      storage_uri: begun.storageUri,
      status_url,
    })
  })
}
