import { mkdir, open, rmdir } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { systemCode } from './failures.ts'

/** Pruning may take a directory away again between making and using it; each round needs another such accident. */
const MAX_ROUNDS = 20

/** Makes the names in a directory survive a power cut. One that was pruned meanwhile holds nothing worth keeping. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories and journals names by itself.
  if (process.platform === 'win32') return
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

/** Makes a directory and its parents, each durable in its own parent. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o750 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made))
}

/** Gives a finished file its final name by `place` (a rename or link), so that it is there after a power cut. */
export async function placeDurably(path: string, place: () => Promise<void>): Promise<void> {
  const directory = dirname(path)
  for (let round = 1; ; round++) {
    try {
      await makeDirectory(directory)
      await place()
      return await syncDirectory(directory)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || round >= MAX_ROUNDS) throw error
    }
  }
}

/** Removes a directory and its parents below `root`, as far as they are empty. */
export async function pruneEmpty(directory: string, root: string): Promise<void> {
  for (let path = directory; path.startsWith(root + sep); path = dirname(path)) {
    try {
      await rmdir(path)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') return
    }
  }
}
