import { ImageIdParams } from '@calotype/contract'
import { DomainError, receiveUpload as receive, type UploadTerms } from '@calotype/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { readUploadForm } from '../multipart-form.ts'
import { withProblems } from '../route-schema.ts'

const notAsSigned = (reason: 'content_type' | 'content_length'): DomainError =>
  new DomainError(
    'forbidden',
    'invalid_signature',
    `The ${reason.replace('_', ' ')} is not what this upload URL was signed for.`,
    { reason },
  )

const lengthRequired = (): DomainError =>
  new DomainError(
    'length_required',
    'length_required',
    'Send the upload with a Content-Length; chunked bodies are not accepted.',
  )

const Stored = z.object({ size_bytes: z.number().int(), sha256: z.string() }).meta({ id: 'StoredUpload' })

/** Checks what the signature binds besides the query: the exact type and length, before a byte is read. */
function checkHeaders(request: FastifyRequest, terms: UploadTerms): void {
  if (request.headers['content-type'] !== terms.contentType) throw notAsSigned('content_type')
  const length = request.headers['content-length']
  if (length === undefined) throw lengthRequired()
  if (Number(length) !== terms.sizeBytes) throw notAsSigned('content_length')
}

/** `PUT` and `POST /uploads/direct/{id}`: storage's side of a signed upload on the embedded default. The signature is the credential. */
export function receiveUpload(app: App, deps: Deps): void {
  const { directUploads } = deps
  if (!directUploads) return
  const open = { config: { open: true } }
  app.register(async direct => {
    // Bodies of any type stay streams here; nothing is parsed.
    direct.removeAllContentTypeParsers()
    direct.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const schema = {
      summary: 'Send bytes to a signed upload URL',
      tags: ['uploads'],
      security: [],
      params: ImageIdParams,
      response: withProblems({ 200: Stored }, [400, 403, 410, 411, 412, 413, 422]),
    }
    direct.put('/uploads/direct/:id', { ...open, schema, bodyLimit: Number.MAX_SAFE_INTEGER }, async request => {
      const { id } = ImageIdParams.parse(request.params)
      request.imageId = id
      const terms = directUploads.verify(id, queryOf(request), deps.clock.now())
      request.projectId = terms.projectId
      if (terms.sizeBytes === null) throw notAsSigned('content_length')
      checkHeaders(request, terms)
      try {
        const stored = await receive(deps, { terms, body: request.raw, requestId: request.id })
        return { size_bytes: stored.sizeBytes, sha256: stored.sha256 }
      } catch (error) {
        request.raw.resume()
        throw error
      }
    })
  })
  app.post(
    '/uploads/direct/:id',
    { ...open, schema: { hide: true, params: ImageIdParams } },
    async (request, reply) => {
      const { id } = request.params
      request.imageId = id
      await readUploadForm(request, async file => {
        const fields = Object.entries(file.fieldsSoFar).flatMap(([name, values]) =>
          values.map(value => [name, value] as const),
        )
        const terms = directUploads.verifyForm(id, fields, deps.clock.now())
        request.projectId = terms.projectId
        if (file.declaredType !== terms.contentType) throw notAsSigned('content_type')
        await receive(deps, { terms, body: file.body, requestId: request.id })
      })
      return reply.code(204).send()
    },
  )
}

const queryOf = (request: FastifyRequest): string => request.url.split('?').slice(1).join('?')
