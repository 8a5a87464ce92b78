import { DetectionTypes, Id, Image, Priority, Sha256, Wait } from '@calotype/contract'
import { acceptUpload, DomainError, type Image as DomainImage, waitForImage } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { type FormFields, readUploadForm } from '../multipart-form.ts'
import { parseFields } from '../parse-fields.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'
import { createUploadSlots } from '../upload-slots.ts'

const UploadFields = z.object({
  project_id: Id.optional(),
  sha256: Sha256.optional(),
  detection_types: DetectionTypes.optional(),
  priority: Priority.optional(),
  alt: z.string().optional(),
  reference: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
})

/** Repeated or comma-separated. */
const detectionTypesOf = (values: readonly string[] | undefined): string[] | undefined =>
  values
    ?.flatMap(value => value.split(','))
    .map(value => value.trim())
    .filter(value => value !== '')

/** What is no JSON is left as it is, for the schema to refuse. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function fieldsOf(fields: FormFields) {
  const { project_id, sha256, detection_types, priority, alt, reference, attributes } = fields
  const last = (values: readonly string[] | undefined) => values?.at(-1) || undefined
  return parseFields(UploadFields, {
    project_id: last(project_id),
    sha256: last(sha256)?.toLowerCase(),
    detection_types: detectionTypesOf(detection_types),
    priority: last(priority),
    alt: last(alt),
    reference: last(reference),
    attributes: jsonOf(last(attributes)),
  })
}

/** What `wait=ready` answers for an image that failed: its own problem, with the image's id. */
function failureOf(image: DomainImage): DomainError {
  const { code, detail } = image.failure ?? { code: 'internal', detail: 'This image failed for an unknown reason.' }
  return new DomainError('content', code, detail, { image_id: image.id })
}

/** `POST /images/upload`: one file through the API, streamed to storage. */
export function uploadImage(app: App, deps: Deps): void {
  const slots = createUploadSlots(deps.maxUploadsInFlight)
  const schema = {
    summary: 'Upload an image through the API',
    description:
      'multipart/form-data with `file` and optional `project_id`, `sha256`, `detection_types`, `priority`, `alt`, `reference`, `attributes` (JSON), in any order.',
    consumes: ['multipart/form-data'],
    tags: ['images'],
    'x-permission': 'image.write' as const,
    querystring: Wait,
    response: withProblems({ 200: Image, 201: Image, 202: Image }, [400, 403, 409, 413, 415, 422, 503]),
  }
  app.post('/images/upload', { config: { idempotent: true }, schema }, async (request, reply) => {
    const ctx = contextOf(request)
    const { image, duplicate } = await slots.hold(() =>
      acceptUpload(deps, ctx, async takeFile =>
        fieldsOf(
          await readUploadForm(request, file =>
            takeFile({ ...file, projectId: fieldsOf(file.fieldsSoFar).project_id ?? null }),
          ),
        ),
      ),
    )
    request.imageId = image.id
    request.projectId = image.projectId
    const to = { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }
    if (request.query.wait !== 'ready') {
      const body = presentImage(image, to)
      return duplicate ? reply.code(200).send({ ...body, duplicate }) : reply.code(202).send(body)
    }
    const settled = await waitForImage(deps, ctx, {
      imageId: image.id,
      projectId: image.projectId,
      signal: AbortSignal.any([request.signal, deps.stopping]),
    })
    if (settled.status === 'failed') throw failureOf(settled)
    const body = presentImage(settled, to)
    if (duplicate) return reply.code(200).send({ ...body, duplicate })
    return reply.code(settled.status === 'ready' ? 201 : 202).send(body)
  })
}
