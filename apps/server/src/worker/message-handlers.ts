import { type JobHandlers, pruneDeliveries, RELAY_KEY, relayMessages } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import type { Deps } from '../deps.ts'

/** The job that feeds the detection pipeline. */
export const messageHandlers = (deps: Deps, log: FastifyBaseLogger): Pick<JobHandlers, 'pipeline.relay'> => ({
  'pipeline.relay': async payload => {
    const { delivered, putOff, failed } = await relayMessages(deps, payload)
    if (delivered + putOff + failed === 0) return
    const facts = { job: 'pipeline.relay', request_id: payload.requestId, delivered, put_off: putOff, failed }
    if (putOff + failed === 0) return log.info(facts, 'job')
    log.warn({ ...facts, code: failed > 0 ? 'message_given_up' : 'message_put_off' }, 'job')
  },
})

/** With the sweep: old deliveries go, and what waits for the pipeline without a job gets one. Resolves with how many went. */
export async function sweepMessages(deps: Deps, requestId: string): Promise<number> {
  const due = deps.publisher && (await deps.database.pipeline.findNextDue())
  if (due && due <= deps.clock.now())
    await deps.database.jobs.enqueue('pipeline.relay', { requestId }, { key: RELAY_KEY })
  return pruneDeliveries(deps)
}
