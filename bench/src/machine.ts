import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'

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
  for (const pid of pids) spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}
