import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'

/**
 * `UNDISTURBED=1` (root): what is measured and what loads it go before all other work of the machine, in bursts, so that a busy machine tells
 * what an idle one would. Other work stands still for so long.
 */
const UNDISTURBED = process.env.UNDISTURBED === '1'

/** What a figure needs to be read: the machine, and how busy it was with other things. */
export function describeMachine(): string {
  const load = loadavg()[0]?.toFixed(1) ?? '?'
  return `${new Date().toISOString().slice(0, 10)} · ${availableParallelism()} cores · Node ${process.version} · ${process.platform} · load ${load} before the run`
}

/** Sees to it that a program is there: installs its Debian package when it is missing, and says so. */
export function requireProgram(name: string, debianPackage: string): void {
  if (isInstalled(name)) return
  console.log(`${name} is missing: apt-get install ${debianPackage}`)
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update'], { stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], { stdio: 'ignore' })
  }
  if (!isInstalled(name)) throw new Error(`${name} is needed; install it (Debian: apt-get install ${debianPackage})`)
}

const isInstalled = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

/** Pins every thread of processes to one core. */
export function pinTo(core: number, pids: readonly number[]): void {
  for (const pid of pids) {
    spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
    if (UNDISTURBED) spawnSync('chrt', ['-a', '-r', '-p', '10', String(pid)], { stdio: 'ignore' })
  }
}

/** The beginning of a command line that runs on one core. */
export const onCore = (core: number): readonly string[] => [
  ...(UNDISTURBED ? ['chrt', '-r', '10'] : []),
  ...['taskset', '-c', String(core)],
]

/** Lets other work catch up after a burst. */
export const breathe = (): Promise<void> => new Promise(resolve => setTimeout(resolve, UNDISTURBED ? 1_000 : 0))
