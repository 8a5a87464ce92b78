import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { waitUntilReady } from '../embedded/wait-until-ready.ts'

const execute = promisify(execFile)
/** What Debian 12 has: three majors before the embedded one, and the oldest that is supported. */
const MAJOR = 15
const BIN = `/usr/lib/postgresql/${MAJOR}/bin`
const START_LIMIT_MS = 60_000
/** The package makes this user; root must not run PostgreSQL. */
const AS_POSTGRES = ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--pdeathsig', 'INT', '--']

export interface DebianPostgres {
  connection: { host: string; port: number; user: string; database: string }
  /** The same as DATABASE_URL. */
  connectionString: string
  stop(): Promise<void>
}

/** An older PostgreSQL on a private socket, installed when it is missing (root). */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  if (!existsSync(`${BIN}/postgres`)) await install()
  const directory = await mkdtemp(join(tmpdir(), 'calotype-pg-'))
  await execute('chown', ['postgres:', directory])
  await chmod(directory, 0o700)
  const cluster = join(directory, 'data')
  const initdb = [
    `${BIN}/initdb`,
    '-D',
    cluster,
    '-U',
    'calotype',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--auth=trust',
  ]
  await execute('setpriv', [...AS_POSTGRES, ...initdb], { cwd: '/' })
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${directory}`, '-c', 'fsync=off']
  const server = spawn('setpriv', [...AS_POSTGRES, `${BIN}/postgres`, '-D', cluster, ...settings], {
    ...{ cwd: '/', stdio: 'ignore' },
  })
  const limit = AbortSignal.timeout(START_LIMIT_MS)
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT')
      await once(server, 'exit')
    }
    await rm(directory, { recursive: true, force: true })
  }
  const connection = { host: directory, port: 5432, user: 'calotype', database: 'postgres' }
  if (!(await waitUntilReady(directory, limit))) {
    await stop()
    throw new Error(`PostgreSQL ${MAJOR} did not start`)
  }
  const connectionString = `postgresql://calotype@/postgres?host=${encodeURIComponent(directory)}&port=5432`
  return { connection, connectionString, stop }
}

async function install(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words: string[]) => execute('timeout', ['900', 'apt-get', ...words], { env })
  await apt('update').catch(() => {})
  await apt('install', '-y', '--no-install-recommends', `postgresql-${MAJOR}`)
}
