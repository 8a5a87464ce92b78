import { AsyncLocalStorage } from 'node:async_hooks'

/** What every log line of one piece of work says, wherever it is written: in a route, a job, an adapter or the engine's pool. */
export interface WorkContext {
  request_id: string
  trace_id?: string
}

/** The work that is under way. */
export const workContext = new AsyncLocalStorage<WorkContext>()

export const workOf = (requestId: string, traceId: string | null): WorkContext => ({
  request_id: requestId,
  ...(traceId === null ? {} : { trace_id: traceId }),
})
