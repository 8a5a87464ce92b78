import type { ReprocessRequest, ReprocessRun } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import type { CallOptions } from '../images/images.ts'

export type Reprocess = ReturnType<typeof createReprocess>

export function createReprocess({ callFor }: Connection) {
  const steer = (action: 'pause' | 'resume' | 'cancel') => (id: string) =>
    callFor<ReprocessRun>({ method: 'POST', path: `/reprocess/${id}/${action}` })
  return {
    /** Remakes the variants of a project in the background; what is there is served until the new ones are. */
    start: (request: ReprocessRequest = {}, options: CallOptions & { idempotencyKey?: string | undefined } = {}) =>
      callFor<ReprocessRun>({ method: 'POST', path: '/reprocess', json: request, ...options }),
    /** A run with its progress. */
    get: (id: string, { signal }: CallOptions = {}) => callFor<ReprocessRun>({ path: `/reprocess/${id}`, signal }),
    pause: steer('pause'),
    resume: steer('resume'),
    cancel: steer('cancel'),
  }
}
