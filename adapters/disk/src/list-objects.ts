import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobInfo } from '@calotype/core'
import { isAbsent } from './failures.ts'
import { isSegment, splitPrefix } from './object-path.ts'

/** Names kept in memory per directory; a larger directory is read again for each further batch of names. */
const NAMES_PER_PASS = 20_000
const STATS_AT_ONCE = 32

/** Objects under a prefix in byte order of their keys, directory by directory. */
export async function* listObjects(root: string, prefix: string, namesPerPass = NAMES_PER_PASS) {
  const { directory, namePrefix } = splitPrefix(prefix)
  yield* walk(root, directory, namePrefix, namesPerPass)
}

async function* walk(
  root: string,
  directory: string,
  namePrefix: string,
  namesPerPass: number,
): AsyncGenerator<BlobInfo> {
  for (let after = ''; ; ) {
    const names = await smallestNames(join(root, directory), namePrefix, after, namesPerPass)
    for (let at = 0; at < names.length; ) {
      const name = names[at] ?? ''
      if (name.endsWith('/')) {
        yield* walk(root, directory + name, '', namesPerPass)
        at += 1
        continue
      }
      const following = names.slice(at, at + STATS_AT_ONCE)
      const folder = following.findIndex(each => each.endsWith('/'))
      const files = folder === -1 ? following : following.slice(0, folder)
      const infos = await Promise.all(files.map(file => infoOf(root, directory + file)))
      for (const info of infos) if (info) yield info
      at += files.length
    }
    if (names.length < namesPerPass) return
    after = names.at(-1) ?? ''
  }
}

/** Directories carry their slash, so that sorting names sorts keys: `a.b` comes before `a/b`. Names are ASCII. */
const sortName = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name)

/** The smallest names of a directory after `after`, at most `limit` of them, sorted. */
async function smallestNames(path: string, namePrefix: string, after: string, limit: number): Promise<string[]> {
  let names: string[] = []
  try {
    for await (const entry of await opendir(path, { bufferSize: 1_000 })) {
      const name = sortName(entry)
      if (!isSegment(entry.name) || name <= after || !name.startsWith(namePrefix)) continue
      names.push(name)
      if (names.length >= 2 * limit) names = names.sort().slice(0, limit)
    }
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  return names.sort().slice(0, limit)
}

/** Null for an object that was removed since its name was read. */
async function infoOf(root: string, key: string): Promise<BlobInfo | null> {
  try {
    const { size, mtime } = await stat(join(root, key))
    return { key, sizeBytes: size, modifiedAt: mtime }
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}
