import { spawn } from 'node:child_process'
import { chown, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { EmbeddedServerError, hasCode } from './errors.ts'
import { type Launcher, postgresEnvironment } from './launcher.ts'
import { SUPERUSER } from './settings.ts'

const OUTPUT_KEPT = 4_000

/** Makes the database files unless they exist. A kill in the middle leaves only a folder that the next start removes. */
export async function ensureCluster(cluster: string, initdb: string, launcher: Launcher): Promise<'made' | 'existing'> {
  await removeHalfMade(cluster)
  const found = await majorOf(cluster)
  const ours = /^\d+/.exec(launcher.version)?.[0]
  if (found === undefined) {
    await createCluster(cluster, initdb, launcher)
    return 'made'
  }
  if (found !== ours) {
    throw new EmbeddedServerError(
      'data_directory_other_version',
      `${cluster} was made by PostgreSQL ${found}, but this is PostgreSQL ${ours}. Start the release that made it, ` +
        'dump it with pg_dump, and load the dump into a new DATA_DIR.',
    )
  }
  return 'existing'
}

async function majorOf(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw notUsable(cluster, 'cannot be read by this user', error)
  }
  const content = await readdir(cluster).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw notUsable(cluster, 'is not a directory that can be read', error)
  })
  if (content.length > 0) throw notUsable(cluster, 'has files in it, but no PG_VERSION: it is no PostgreSQL directory')
  return undefined
}

async function createCluster(cluster: string, initdb: string, launcher: Launcher): Promise<void> {
  const temporary = await mkdtemp(halfMadePrefix(cluster))
  try {
    if (launcher.owner) await chown(temporary, launcher.owner.uid, launcher.owner.gid)
    await runInitdb(initdb, temporary, launcher)
    await rename(temporary, cluster)
    await syncDirectory(dirname(cluster))
  } catch (error) {
    await remove(temporary)
    throw error
  }
}

async function runInitdb(initdb: string, directory: string, launcher: Launcher): Promise<void> {
  // macOS knows no libc locale of that name.
  const locale = process.platform === 'darwin' ? ['--locale=C', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8']
  const [command = '', ...args] = [
    ...launcher.prefix,
    initdb,
    ...['-D', directory, '--username', SUPERUSER, '--encoding=UTF8', '--locale-provider=builtin', ...locale],
    ...['--auth-local=trust', '--auth-host=reject', '--no-instructions'],
  ]
  // A group of its own: a ctrl-C meant for the server must not break it halfway.
  const child = spawn(command, args, {
    cwd: '/',
    env: postgresEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT)
    })
  }
  const ending = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(signal ?? String(code)))
  })
  if (ending === '0') return
  const hint = output.includes('could not look up effective user ID')
    ? '\nGive this user a line in /etc/passwd, run as another one, or set DATABASE_URL.'
    : ''
  const message = `initdb failed (${ending}):\n${output.trim()}${hint}`
  throw new EmbeddedServerError('embedded_postgres_did_not_start', message)
}

/** Gives the files to whoever runs PostgreSQL this time; the folder itself last, so that an interrupted pass repeats. */
export async function ensureOwner(cluster: string, owner: Launcher['owner']): Promise<void> {
  const { uid } = await stat(cluster)
  const wanted = owner ?? { uid: process.getuid?.() ?? uid, gid: process.getgid?.() ?? -1 }
  if (uid === wanted.uid) return
  if (!owner) throw notUsable(cluster, `belongs to user ${uid}, and the server runs as user ${wanted.uid}`)
  const inside = await readdir(cluster, { recursive: true })
  for (const name of inside) await chown(join(cluster, name), wanted.uid, wanted.gid)
  await chown(cluster, wanted.uid, wanted.gid)
}

function halfMadePrefix(cluster: string): string {
  return join(dirname(cluster), `${basename(cluster)}.new-`)
}

async function removeHalfMade(cluster: string): Promise<void> {
  const prefix = basename(halfMadePrefix(cluster))
  for (const name of await readdir(dirname(cluster))) {
    if (name.startsWith(prefix)) await remove(join(dirname(cluster), name))
  }
}

async function remove(directory: string): Promise<void> {
  // The initdb of a killed server may still write for a moment.
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  await handle.sync().finally(() => handle.close())
}

function notUsable(cluster: string, problem: string, cause?: unknown): EmbeddedServerError {
  return new EmbeddedServerError('data_directory_not_usable', `${cluster} ${problem}.`, { cause })
}
