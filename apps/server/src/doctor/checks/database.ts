import { type Check, failed, ok, skipped } from '../check.ts'

/** The oldest that is supported. */
export const LEAST_POSTGRES = 15

export const database: Check = {
  name: 'database',
  advice: 'Start PostgreSQL, or correct DATABASE_URL; the runbook is "The database is away".',
  run: async ({ database }) => {
    if ('missing' in database) return skipped(database.missing)
    const { version, workers } = await database.part.inspect()
    if (Number.parseInt(version, 10) < LEAST_POSTGRES)
      return failed(`PostgreSQL ${version}`, `Upgrade to PostgreSQL ${LEAST_POSTGRES} or later.`)
    return ok(`PostgreSQL ${version}, ${workers === 1 ? '1 process runs' : `${workers} processes run`} jobs`)
  },
}
