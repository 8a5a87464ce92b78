import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'

export const SECURITY_LOG_DAYS = 90

/** Removes entries past their time; resolves with how many. For the sweep. */
export const pruneSecurityLog = (deps: { database: Pick<Database, 'securityLog'>; clock: Clock }): Promise<number> =>
  deps.database.securityLog.prune(new Date(deps.clock.now().getTime() - SECURITY_LOG_DAYS * 86_400_000))
