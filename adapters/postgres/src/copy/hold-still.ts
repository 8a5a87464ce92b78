import type { ConnectionSettings } from '../connection.ts'
import { applyMigrations, holdMigrationLock, readMigrations } from '../migrate.ts'

/** What programs that serve call their connections. */
const SERVING = ['stores', 'jobs', 'events'].map(purpose => `calotype ${purpose}`)

/**
 * Brings a database to this program's schema and runs `work` while no server can start on it: they wait. `refuse` makes the error for a
 * database that is being served already, with the number of connections.
 */
export async function holdStill<T>(
  connection: ConnectionSettings,
  refuse: (connections: number) => Error,
  work: () => Promise<T>,
): Promise<T> {
  return holdMigrationLock(connection, async held => {
    const { rows } = await held.client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = any($1)`,
      [SERVING],
    )
    const count = rows[0]?.count ?? 0
    if (count > 0) throw refuse(count)
    await applyMigrations(held, await readMigrations())
    return work()
  })
}
