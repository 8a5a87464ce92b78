import { spawnSync } from 'node:child_process'
import type { ProcessorHealth } from '@calotype/core'

/**
 * A user of its own without any capability, no network but a loopback that is down, no shared memory of others. To the
 * file system it still is the user of the server: it must reach the original and the output directory, which are closed
 * to everybody else.
 */
const NAMESPACE = ['unshare', '--user', '--net', '--ipc', '--map-user=65534', '--map-group=65534', '--']
/** Dies with its parent, even while stuck in native code; gains nothing from set-user-id programs. */
const GUARD = ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--']

// Node reserves address space by the gigabyte, so only writable memory can be bound. The watchdog is stricter and
// judges first; this holds where a decoder takes everything between two of its looks.
const MOST_DATA_BYTES = 3 * 1024 ** 3
// libvips keeps whole pictures of more than 100 MB in a nameless temporary file.
const MOST_FILE_BYTES = 1024 ** 3
const LIMITS = ['prlimit', '--core=0', '--nofile=256', `--data=${MOST_DATA_BYTES}`, `--fsize=${MOST_FILE_BYTES}`, '--']

/** How engine processes are kept apart on this system: words to put before their command. */
export interface Isolation {
  kind: ProcessorHealth['isolation']
  command: readonly string[]
}

/** Strongest first. The guard stands last in each: the death signal belongs to who called for it. */
const CHOICES: readonly Isolation[] = [
  { kind: 'namespace', command: [...NAMESPACE, ...LIMITS, ...GUARD] },
  { kind: 'namespace', command: [...NAMESPACE, ...GUARD] },
  { kind: 'environment', command: [...LIMITS, ...GUARD] },
  { kind: 'environment', command: GUARD },
]
const NOTHING: Isolation = { kind: 'environment', command: [] }

/** No credentials, no configuration: decoders need none of it, and hostile files may get at what is there. */
export const SCRUBBED_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TZ: 'UTC',
  NODE_ENV: 'production',
  // Two arenas instead of one per thread: glibc gives memory back.
  MALLOC_ARENA_MAX: '2',
}

const works = ({ command: [program = '', ...words] }: Isolation): boolean =>
  spawnSync(program, [...words, 'true'], { stdio: 'ignore', timeout: 2_000, env: SCRUBBED_ENVIRONMENT }).status === 0

let chosen: Isolation | undefined

/** The strongest isolation that this system allows, found out once: containers often forbid namespaces. */
export const findIsolation = (): Isolation => {
  chosen ??= (process.platform === 'linux' ? CHOICES.find(works) : undefined) ?? NOTHING
  return chosen
}
