import { AppendHeaders, ImageIdParams, KnownUpload, NewResumableHeaders, ResumableHeaders } from '@calotype/contract'
import {
  appendUpload,
  type BeginUploadInput,
  beginResumable,
  cancelUpload,
  DomainError,
  findProgress,
  type Image,
} from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentKnown } from '../present-upload.ts'
import { withProblems } from '../route-schema.ts'
import { checkUploadBody, describeTus, hasUploadBody, imageMetadata, parseMetadata, speakTus } from '../tus.ts'
import { fieldsOf } from '../upload-fields.ts'
import { createUploadSlots, type UploadSlots } from '../upload-slots.ts'

const PATH = '/images/resumable'
const Nothing = z.null().optional()
const streams = { bodyLimit: Number.MAX_SAFE_INTEGER }
const tags = ['uploads']
const x = { 'x-permission': 'image.write' as const }

const lengthRequired = (): DomainError =>
  new DomainError('length_required', 'length_required', 'Name the length of the file in Upload-Length.', {
    reason: 'upload-length',
  })

const noConcatenation = (): DomainError =>
  new DomainError('invalid', 'invalid_request', 'Uploads cannot be put together of others: send one.', {
    reason: 'upload-concat',
  })

/** `/images/resumable`: uploads by tus 1.0, which go on where a lost connection or a killed server left them. */
export function resumableUploads(app: App, deps: Deps): void {
  const slots = createUploadSlots(deps.maxUploadsInFlight)
  app.register(async scope => {
    speakTus(scope)
    const tus = scope.withTypeProvider<ZodTypeProvider>()
    create(tus, deps, slots)
    append(tus, deps, slots)
    inspectAndCancel(tus, deps)
    // Beside preflights there are questions about what is spoken here, which need no headers of their own.
    const cors = { strictPreflight: false, preflightContinue: true }
    tus.options(PATH, { config: { open: true, cors }, schema: { hide: true } }, async (_request, reply) =>
      reply.code(204).headers(describeTus(deps.maxUploadBytes)).send(),
    )
  })
}

function create(tus: App, deps: Deps, slots: UploadSlots): void {
  const schema = {
    ...{ summary: 'Begin a resumable upload (tus 1.0)', tags, ...x },
    description:
      'Checked and counted like `POST /images/upload-url`. `Location` ends in the id of the image, `Upload-Expires` tells how long bytes are taken. Bytes may come along. What is there already is answered 200 with its own `Location` and everything received.',
    headers: NewResumableHeaders,
    response: withProblems({ 200: KnownUpload, 201: Nothing }, [400, 403, 409, 411, 412, 413, 422, 429, 503]),
  }
  const config = { rateLimit: 'upload-urls' as const, idempotent: true as const }
  tus.post(PATH, { ...streams, config, schema }, async (request, reply) => {
    const ctx = contextOf(request)
    return draining(request, async () => {
      const begun = await beginResumable(deps, ctx, inputOf(request.headers))
      const { imageId } = begun
      request.imageId = imageId
      reply.header('location', `${deps.publicUrl}/api/v1${PATH}/${imageId}`)
      if (begun.duplicate) {
        const { offset, length } = await findProgress(deps, ctx, { imageId })
        return reply.code(200).headers(progressOf(offset, length)).send(presentKnown(deps, imageId))
      }
      reply.code(201).header('upload-expires', begun.expiresAt.toUTCString())
      if (hasUploadBody(request)) reply.header('upload-offset', (await take(deps, slots, request, imageId, 0)).offset)
      return reply.send(undefined)
    })
  })
}

function append(tus: App, deps: Deps, slots: UploadSlots): void {
  const schema = {
    ...{ summary: 'Send bytes of a resumable upload', tags, ...x },
    description:
      '`HEAD` on the same address answers `Upload-Offset` and `Upload-Length`: after a lost connection the upload goes on there. Every piece that was stored counts, whatever happened to the rest. The last byte settles the image like `POST /images/{id}/complete`, with the same refusals.',
    params: ImageIdParams,
    headers: AppendHeaders,
    response: withProblems({ 204: Nothing }, [400, 403, 409, 410, 412, 413, 415, 422, 503]),
  }
  tus.patch(`${PATH}/:id`, { ...streams, schema }, async (request, reply) => {
    const { id } = request.params
    request.imageId = id
    return draining(request, async () => {
      checkUploadBody(request)
      const { image, offset } = await take(deps, slots, request, id, Number(request.headers['upload-offset']))
      request.projectId = image.projectId
      // A server that stops does not wait for the rest: the client goes on at another one.
      if (deps.stopping.aborted) reply.header('connection', 'close')
      return tellExpiry(reply.code(204), image).header('upload-offset', offset).send(undefined)
    })
  })
}

function inspectAndCancel(tus: App, deps: Deps): void {
  const common = { params: ImageIdParams, headers: ResumableHeaders }
  const hidden = { ...common, hide: true }
  tus.head(`${PATH}/:id`, { schema: hidden }, async (request, reply) => {
    request.imageId = request.params.id
    const { image, offset, length } = await findProgress(deps, contextOf(request), { imageId: request.params.id })
    const headers = { ...progressOf(offset, length), 'upload-metadata': imageMetadata(image) }
    return tellExpiry(reply, image).headers(headers).header('cache-control', 'no-store').send()
  })

  const schema = {
    ...{ summary: 'Cancel a resumable upload', tags, ...common },
    description:
      'The image is deleted and what came of its bytes is removed at once. A complete upload is answered 412.',
    'x-permission': 'image.delete_own' as const,
    response: withProblems({ 204: Nothing }, [400, 403, 409, 410, 412, 422]),
  }
  tus.delete(`${PATH}/:id`, { schema }, async (request, reply) => {
    request.imageId = request.params.id
    await cancelUpload(deps, contextOf(request), { imageId: request.params.id })
    return reply.code(204).send(undefined)
  })
}

const take = (deps: Deps, slots: UploadSlots, request: FastifyRequest, imageId: string, offset: number) =>
  slots.hold(() => appendUpload(deps, contextOf(request), { imageId, offset, body: request.raw, leave: deps.stopping }))

/** What is left of a body that is refused or not wanted is drained, so that the client gets to read the answer. */
async function draining<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    request.raw.resume()
  }
}

/** Creation's headers in the words of the verb. */
function inputOf(headers: z.infer<typeof NewResumableHeaders>): BeginUploadInput & { sizeBytes: number } {
  if (headers['upload-concat'] !== undefined) throw noConcatenation()
  const length = headers['upload-length']
  if (length === undefined) throw lengthRequired()
  const { filename = '', filetype = '', ...texts } = parseMetadata(headers['upload-metadata'])
  const fields = fieldsOf(Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, [value]])))
  return {
    ...{ projectId: fields.project_id ?? null, fileName: filename, declaredType: filetype },
    ...{ sizeBytes: Number(length), sha256: fields.sha256 ?? null },
    ...{ detectionTypes: fields.detection_types ?? null, priority: fields.priority ?? null },
    ...{ alt: fields.alt, reference: fields.reference, attributes: fields.attributes },
  }
}

const progressOf = (offset: number, length: number) => ({ 'upload-offset': offset, 'upload-length': length })

const tellExpiry = (reply: FastifyReply, { status, uploadExpiresAt }: Image): FastifyReply =>
  status === 'pending_upload' && uploadExpiresAt !== null
    ? reply.header('upload-expires', uploadExpiresAt.toUTCString())
    : reply
