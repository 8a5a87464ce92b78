import { chown, lstat, mkdir, mkdtemp, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { hasCode } from './errors.ts'
import type { Launcher } from './launcher.ts'
import { PORT } from './settings.ts'

/** The kernel's limit on the path of a unix socket: 108 bytes with the final zero, 104 on macOS. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107
const SHORT_PREFIX = 'calotype-'

export interface SocketDirectory {
  readonly path: string
  remove(): Promise<void>
}

/**
 * A fresh private folder for the socket, in the data directory where the path is short enough. Otherwise it is a short
 * temporary folder, to which a link in the data directory points: so a killed server's folder is found and removed.
 */
export async function makeSocketDirectory(dataDirectory: string, owner: Launcher['owner']): Promise<SocketDirectory> {
  const usual = join(dataDirectory, 'postgres-socket')
  const remove = () => removeSocketDirectory(usual)
  await remove()
  if (fits(usual)) {
    await mkdir(usual, { mode: 0o700 })
    if (owner) await chown(usual, owner.uid, owner.gid)
    return { path: usual, remove }
  }
  const short = await mkdtemp(join(fits(join(tmpdir(), `${SHORT_PREFIX}XXXXXX`)) ? tmpdir() : '/tmp', SHORT_PREFIX))
  if (owner) await chown(short, owner.uid, owner.gid)
  await symlink(short, usual)
  return { path: short, remove }
}

/** Only when no PostgreSQL runs here: a left socket lock naming a reused pid would make the next one refuse. */
async function removeSocketDirectory(usual: string): Promise<void> {
  const target = await readlink(usual).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'EINVAL')) return undefined
    throw error
  })
  if (target !== undefined && (await isOurShortFolder(target))) await rm(target, { recursive: true, force: true })
  await rm(usual, { recursive: true, force: true })
}

async function isOurShortFolder(target: string): Promise<boolean> {
  if (!basename(target).startsWith(SHORT_PREFIX) || ![tmpdir(), '/tmp'].includes(dirname(target))) return false
  const found = await lstat(target).catch(() => undefined)
  return found?.isDirectory() === true && (found.mode & 0o077) === 0
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${PORT}`)) <= MAX_SOCKET_PATH_BYTES
}
