import {
  type Clock,
  type CountedNote,
  createSecurityBuffer,
  type SecurityLog,
  type SecurityLogStore,
} from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'

const FLUSH_MS = 1_000

export interface RunningSecurityLog extends SecurityLog {
  /** Writes what is pending now. */
  flush(): Promise<void>
  /** Writes what is pending and stops. */
  close(): Promise<void>
}

/** Notes of refusals: each a line of the program's log at once, and within a second an entry of the organisation's security log. */
export function createSecurityLog(deps: {
  store: SecurityLogStore
  clock: Clock
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>
}): RunningSecurityLog {
  const log = (note: CountedNote) => deps.log.info(lineOf(note), 'security')
  const buffer = createSecurityBuffer({ clock: deps.clock, tell: log })
  const write = async () => {
    const { entries, ended, lost, failed } = buffer.take()
    if (lost > 0) deps.log.warn({ component: 'security', lost }, 'more refusals than can be told apart')
    try {
      if (entries.length > 0) await deps.store.save(entries)
      for (const note of ended) if (note.count > 1) log(note)
    } catch (error) {
      failed()
      deps.log.warn({ component: 'security', err: error }, 'the security log was not written; it is tried again')
    }
  }
  // One after the other, so that a slow database gets each entry once.
  let last = Promise.resolve()
  const flush = () => {
    last = last.then(write)
    return last
  }
  let idle = true
  const timer = setInterval(() => {
    if (!idle) return
    idle = false
    void flush().finally(() => {
      idle = true
    })
  }, FLUSH_MS)
  timer.unref()
  return {
    record: buffer.record,
    flush,
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}

const lineOf = (note: CountedNote) => ({
  component: 'security',
  event: note.event,
  actor: note.actor ? `${note.actor.kind}:${note.actor.id}` : null,
  ip: note.ip,
  organization_id: note.organizationId,
  project_id: note.projectId,
  code: note.code,
  detail: note.detail,
  request_id: note.requestId,
  count: note.count,
})
