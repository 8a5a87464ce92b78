import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SETPRIV_ARGUMENTS = ['--pdeathsig', 'KILL', '--']

let guardWorks: boolean | undefined

/** Whether this system can kill a child whose parent died, even while the child is stuck in native code. */
const hasParentDeathGuard = (): boolean => {
  guardWorks ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', [...SETPRIV_ARGUMENTS, 'true'], { stdio: 'ignore', timeout: 2_000 }).status === 0
  return guardWorks
}

/** No credentials, no configuration: decoders need none of it, and hostile files may get at what is there. */
const scrubbedEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  TZ: 'UTC',
  NODE_ENV: 'production',
  // Two arenas instead of one per thread: glibc gives memory back.
  MALLOC_ARENA_MAX: '2',
})

/**
 * Starts an engine process: in a process group of its own (a signal to the server's group must not reach it in the
 * middle of a drain), with an IPC channel, guarded against outliving its parent.
 * @param program the worker program, a file URL
 */
export const launch = (program: URL): ChildProcess => {
  const node = [process.execPath, '--max-old-space-size=192', fileURLToPath(program)]
  const [command = process.execPath, ...rest] = hasParentDeathGuard()
    ? ['setpriv', ...SETPRIV_ARGUMENTS, ...node]
    : node
  return spawn(command, rest, {
    detached: true,
    env: scrubbedEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  })
}
