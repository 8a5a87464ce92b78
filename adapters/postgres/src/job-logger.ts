import { Logger } from 'graphile-worker'
import type { Log } from './log.ts'

/** graphile-worker's own messages; what a job did is told by its handler, so they are debug unless something is wrong. */
export const createJobLogger = (log: Log): Logger =>
  new Logger(scope => (level, message) => {
    const fields = { component: 'jobs', ...scope }
    if (level === 'error') log.warn(fields, message)
    else log.debug(fields, message)
  })

export const silentLogger = new Logger(() => () => {})
