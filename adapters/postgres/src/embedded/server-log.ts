import { type FileHandle, open, rename, stat } from 'node:fs/promises'

const MAX_LOG_BYTES = 10 * 1024 * 1024
const TAIL_BYTES = 8 * 1024
const TAIL_LINES = 15

export interface ServerLog {
  readonly descriptor: number
  /** The last lines of this run. */
  tail(): Promise<string>
  close(): Promise<void>
}

/** What PostgreSQL says. One older file is kept when the log has grown over its limit. */
export async function openServerLog(file: string): Promise<ServerLog> {
  const before = await stat(file).catch(() => undefined)
  if (before && before.size > MAX_LOG_BYTES) await rename(file, `${file}.1`)
  const handle = await open(file, 'a+', 0o600)
  const { size: start } = await handle.stat()
  return {
    descriptor: handle.fd,
    tail: () => readTail(handle, start),
    close: () => handle.close(),
  }
}

async function readTail(handle: FileHandle, start: number): Promise<string> {
  const { size } = await handle.stat()
  const from = Math.max(start, size - TAIL_BYTES)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - from)), 0, null, from)
  return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-TAIL_LINES).join('\n')
}
