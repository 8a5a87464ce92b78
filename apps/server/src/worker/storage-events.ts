import { DomainError, type ErrorKind, handleReceived, newId } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { Deps } from '../deps.ts'
import { noteRefusedImage } from './note-refused-image.ts'

/** What may be over when the event comes again; everything else is an answer. */
const PASSES: Readonly<Record<ErrorKind, boolean>> = {
  ...{ storage: true, network: true, overloaded: true, rate_limited: true, processing: true, internal: true },
  ...{ conflict: true, unauthorized: false, forbidden: false, not_found: false, invalid: false, unsupported: false },
  ...{ gone: false, precondition: false, range: false, length_required: false, too_large: false, content: false },
}

/**
 * What an event of the storage leads to: the upload is settled by what storage holds. Events may come twice, late, in any order, and for
 * what is none of ours; each is `done` when it has nothing left to bring.
 */
export function createStorageEventHandler(
  deps: Pick<Deps, 'database' | 'blobs' | 'clock' | 'security'>,
  log: FastifyBaseLogger,
): (event: { imageId: string; requestId?: string }) => Promise<'done' | 'retry'> {
  return async ({ imageId, requestId = newId() }) => {
    const [image] = await deps.database.images.locate([imageId])
    const facts = { component: 'storage-events', request_id: requestId, image_id: imageId }
    if (!image) {
      log.warn(facts, 'an upload of no image was stored')
      return 'done'
    }
    const { projectId } = image
    try {
      await handleReceived(deps, { projectId, imageId, requestId })
      log.info({ ...facts, project_id: projectId, found: image.status }, 'storage event')
    } catch (error) {
      if (!isAnswer(error)) {
        log.warn({ ...facts, err: error }, 'a storage event waits for another try')
        return 'retry'
      }
      log.info({ ...facts, project_id: projectId, code: error.code }, 'storage event')
      await noteRefusedImage(deps, { projectId, imageId, requestId })
    }
    return 'done'
  }
}

/** Where nothing is stored (any more), nothing will be by waiting: a new upload has an event of its own. */
const isAnswer = (error: unknown): error is DomainError =>
  error instanceof DomainError && (error.code === 'upload_not_found' || !PASSES[error.kind])
