import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Every file under a directory, as paths relative to it with slashes, in order. What vanishes while it is looked at is not there. */
export async function filesUnder(directory: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const found = await Promise.all(
    entries.map(entry => {
      const { name } = entry
      const at = `${prefix}${name}`
      return entry.isDirectory() ? filesUnder(path.join(directory, name), `${at}/`) : [at]
    }),
  )
  return found.flat().sort()
}

/** What a server keeps of images: finished objects, and what is still being written. */
export const blobsOf = (dataDirectory: string): Promise<string[]> => filesUnder(path.join(dataDirectory, 'blobs'))

export const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777

/** Looks again until it holds, or throws what was seen last. */
export async function eventually<T>(look: () => Promise<T>, holds: (seen: T) => boolean, limitMs = 20_000): Promise<T> {
  const until = Date.now() + limitMs
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (Date.now() > until)
      throw new Error(`Still not so after ${limitMs} ms: ${JSON.stringify(seen)?.slice(0, 2_000)}`)
    await sleep(100)
  }
}
