import { closeSync, openSync, readSync } from 'node:fs'

const WINDOW_LENGTH = 65_536

/** The byte at a position of a file; -1 past its end. */
export type ByteAt = (position: number) => number

/** Lets a reader walk through a file by single bytes, of which only a window is in memory. */
export const readBytes = <T>(path: string, read: (byteAt: ByteAt) => T): T => {
  const file = openSync(path, 'r')
  try {
    const window = Buffer.alloc(WINDOW_LENGTH)
    let [start, length] = [0, 0]
    return read(position => {
      if (position < start || position >= start + length) {
        start = position
        length = readSync(file, window, 0, WINDOW_LENGTH, position)
      }
      return position < start + length ? (window[position - start] ?? -1) : -1
    })
  } finally {
    closeSync(file)
  }
}
