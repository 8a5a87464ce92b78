import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { EmbeddedServerError } from './errors.ts'

const NOBODY = 65_534

/** How PostgreSQL is run: the words before its command, and who owns its files (undefined: we do). */
export interface Launcher {
  readonly name: string
  readonly prefix: readonly string[]
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  /** As `postgres --version` tells it. */
  readonly version: string
}

export type LauncherCandidate = Omit<Launcher, 'version'>

/**
 * The first way that really works here, found by trying. Each one makes the kernel interrupt PostgreSQL when we die
 * (pdeathsig); it comes last in the chain, because the kernel forgets it when a process changes its credentials.
 */
export async function findLauncher(
  candidates: readonly LauncherCandidate[],
  postgres: string,
  dataDirectory: string,
): Promise<Launcher> {
  const refusals: string[] = []
  for (const candidate of candidates) {
    const version = await probe(candidate, postgres, dataDirectory).catch((error: unknown) => {
      refusals.push(`${candidate.name}: ${reasonOf(error)}`)
      return undefined
    })
    if (version !== undefined) return { ...candidate, version }
  }
  throw new EmbeddedServerError(
    'embedded_postgres_unusable',
    `PostgreSQL cannot be run on ${dataDirectory} by this user. Tried ${refusals.join('; ')}. ` +
      'Run as an ordinary user who may enter that directory, or set DATABASE_URL.',
  )
}

export function launcherCandidates(): LauncherCandidate[] {
  const isRoot = process.getuid?.() === 0
  if (!isRoot && process.platform !== 'linux') return [{ name: 'directly', prefix: [], owner: undefined }]
  const dieWithParent = ['setpriv', '--pdeathsig', 'INT', '--']
  const unshare = ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', ...dieWithParent]
  if (!isRoot) {
    return [
      // initdb wants a name for the user, which containers that run under any number do not have.
      ...(isNamedUser() ? [] : [{ name: 'unshare', prefix: unshare, owner: undefined }]),
      { name: 'setpriv', prefix: dieWithParent, owner: undefined },
      { name: 'directly', prefix: [], owner: undefined },
    ]
  }
  const nobody = { uid: NOBODY, gid: NOBODY }
  const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--pdeathsig', 'INT']
  return [
    {
      // PostgreSQL refuses uid 0; here it sees another number, but to the kernel stays root without capabilities.
      // Thus it enters directories that are closed to everybody but root.
      name: 'unshare',
      prefix: unshare,
      owner: { uid: 0, gid: 0 },
    },
    { name: 'setpriv', prefix: [...asNobody, '--'], owner: nobody },
    {
      // Containers that forbid unshare and keep the data or the program under a closed directory.
      name: 'setpriv with dac_override',
      prefix: [...asNobody, '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
      owner: nobody,
    },
  ]
}

function isNamedUser(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

async function probe(candidate: LauncherCandidate, postgres: string, dataDirectory: string): Promise<string> {
  const script = 'cd "$1" && exec "$2" --version'
  const [command = '', ...args] = [...candidate.prefix, 'sh', '-c', script, 'sh', dataDirectory, postgres]
  const { stdout } = await promisify(execFile)(command, args, { cwd: '/', env: postgresEnvironment() })
  return stdout.trim().replace(/^postgres \(PostgreSQL\) /, '')
}

/** Nothing of ours: neither secrets nor PG* variables, which would change what PostgreSQL does. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin', TZ: 'UTC' }
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  return stderr || (error instanceof Error ? error.message : String(error))
}
