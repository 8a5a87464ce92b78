import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from './is-process-alive.ts'
import { readPostmasterPid } from './postgres-processes.ts'
import { DATABASE, PORT, SUPERUSER } from './settings.ts'

/** The line of `postmaster.pid` that names the folder of the socket, from 0. */
const SOCKET_LINE = 4

/** How to reach the PostgreSQL that another program runs in a data directory; null when none runs there. */
export async function findRunningServer(
  dataDirectory: string,
): Promise<{ host: string; port: number; user: string; database: string } | null> {
  const cluster = join(dataDirectory, 'postgres')
  const pid = await readPostmasterPid(cluster)
  if (pid === undefined || !isProcessAlive(pid)) return null
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const host = lines[SOCKET_LINE] ?? ''
  return host === '' ? null : { host, port: PORT, user: SUPERUSER, database: DATABASE }
}
