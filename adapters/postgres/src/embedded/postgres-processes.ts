import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { hasCode } from './errors.ts'

export type Identity = 'ours' | 'stranger' | 'unknown'

/** The live PostgreSQL processes, postmaster and backends, that work on these files. */
export async function findPostgresProcesses(cluster: string): Promise<number[]> {
  const pids = await candidatePids(cluster)
  const identities = await Promise.all(pids.map(pid => identify(pid, cluster)))
  return pids.filter((_, index) => identities[index] === 'ours')
}

export async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 1 ? pid : undefined
}

/** What a process has to do with these files. A zombie is a stranger: it has no working directory any more. */
export function identify(pid: number, cluster: string): Promise<Identity> {
  return process.platform === 'linux' ? identifyInProc(pid, cluster) : identifyByCommand(pid, cluster)
}

async function candidatePids(cluster: string): Promise<number[]> {
  if (process.platform === 'linux') {
    const names = await readdir('/proc')
    return names.filter(name => /^\d+$/.test(name)).map(Number)
  }
  const pid = await readPostmasterPid(cluster)
  return pid === undefined ? [] : [pid]
}

/** Every process of PostgreSQL has its data directory as working directory: that holds also under another path. */
async function identifyInProc(pid: number, cluster: string): Promise<Identity> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  if (name.trim() !== 'postgres') return 'stranger'
  const files = await stat(cluster).catch(() => undefined)
  if (!files) return 'stranger'
  try {
    const directory = await stat(`/proc/${pid}/cwd`)
    return directory.dev === files.dev && directory.ino === files.ino ? 'ours' : 'stranger'
  } catch (error) {
    // Root without CAP_SYS_PTRACE (containers) may not look there, but sees the command line of the postmaster.
    if (!hasCode(error, 'EACCES', 'EPERM')) return 'stranger'
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return words.split('\0').includes(cluster) ? 'ours' : 'unknown'
  }
}

/** Without /proc (macOS). */
async function identifyByCommand(pid: number, cluster: string): Promise<Identity> {
  const run = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
  const command = await run.then(({ stdout }) => stdout.trim()).catch(() => '')
  const [program = ''] = command.split(' -D ')
  return basename(program) === 'postgres' && command.includes(` -D ${cluster} `) ? 'ours' : 'stranger'
}
