import { type ChildProcess, spawn } from 'node:child_process'
import { type Launcher, postgresEnvironment } from './launcher.ts'
import { commandLineSettings } from './settings.ts'

const FAST_SHUTDOWN_MS = 20_000
/** PostgreSQL itself kills its backends 5 s after this one. */
const IMMEDIATE_SHUTDOWN_MS = 7_000

export interface Postmaster {
  readonly pid: number
  /** How it ended: exit code or signal. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

export async function spawnPostmaster(options: {
  postgres: string
  cluster: string
  socketDirectory: string
  launcher: Launcher
  logDescriptor: number
}): Promise<Postmaster> {
  const { postgres, cluster, socketDirectory, launcher, logDescriptor } = options
  const settings = commandLineSettings(socketDirectory)
  const [command = '', ...args] = [...launcher.prefix, postgres, '-D', cluster, ...settings]
  // A process group of its own: a ctrl-C or SIGTERM for the server's group must not close the database before it drains.
  const child = spawn(command, args, {
    cwd: '/',
    env: postgresEnvironment(),
    stdio: ['ignore', logDescriptor, logDescriptor],
    detached: true,
  })
  const ended = new Promise<string>(resolve => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)))
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => resolve(child.pid ?? 0))
  })
  return { pid, ended, stop: () => stopPostmaster(child, pid, ended) }
}

async function stopPostmaster(child: ChildProcess, pid: number, ended: Promise<string>): Promise<void> {
  const steps = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
  ] as const
  for (const [signal, limitMs] of steps) {
    if (hasEnded(child)) return
    child.kill(signal)
    if (await within(limitMs, ended)) return
  }
  // The launcher replaced itself by PostgreSQL, so this pid leads the group.
  if (!hasEnded(child)) process.kill(-pid, 'SIGKILL')
  await ended
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function within(limitMs: number, ended: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  return Promise.race([ended.then(() => true), limit]).finally(() => clearTimeout(timer))
}
