import { AsyncLocalStorage } from 'node:async_hooks'

/** What every log line of one piece of work says, wherever it is written: in a route, a job, an adapter or the engine's pool. */
export interface WorkFields {
  request_id: string
  trace_id?: string
}

/** A request or a job. What it set going for later (a timer, a loop) is no part of it once it is over. */
export interface Work {
  fields: WorkFields
  over: boolean
}

/** The work that is under way. */
export const workContext = new AsyncLocalStorage<Work>()

export const workOf = (requestId: string, traceId: string | null): Work => ({
  fields: { request_id: requestId, ...(traceId === null ? {} : { trace_id: traceId }) },
  over: false,
})

/** Runs work from its beginning to its end. */
export async function runWork<T>(work: Work, run: () => Promise<T>): Promise<T> {
  try {
    return await workContext.run(work, run)
  } finally {
    work.over = true
  }
}
