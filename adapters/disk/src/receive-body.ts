import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  checksumMismatch,
  DomainError,
  fileTooLarge,
  type PutOptions,
  type StoredBlob,
  sizeMismatch,
  uploadInterrupted,
} from '@calotype/core'

/** Stored files are never written again: read-only, so that a hard link handed out cannot be written through. */
export const OBJECT_MODE = 0o440

/**
 * Streams a body into a new file, hashing, counting and capping on the way, and syncs it. The file is the caller's to remove
 * when this rejects. The body is not destroyed then: it may be a request that still has to be answered.
 */
export async function receiveBody(
  path: string,
  body: Readable,
  options: Pick<PutOptions, 'maxBytes' | 'expect'>,
  mode = OBJECT_MODE,
): Promise<StoredBlob> {
  const { maxBytes, expect } = options
  const hash = createHash('sha256')
  let sizeBytes = 0
  async function* checked(): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(body)) {
      sizeBytes += chunk.length
      if (expect?.sizeBytes !== undefined && sizeBytes > expect.sizeBytes)
        throw sizeMismatch(expect.sizeBytes, sizeBytes)
      if (sizeBytes > maxBytes) throw fileTooLarge(maxBytes)
      hash.update(chunk)
      yield chunk
    }
  }
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(checked())
    const stored = { sizeBytes, sha256: hash.digest('hex') }
    if (expect?.sizeBytes !== undefined && sizeBytes !== expect.sizeBytes)
      throw sizeMismatch(expect.sizeBytes, sizeBytes)
    if (expect?.sha256 !== undefined && stored.sha256 !== expect.sha256) throw checksumMismatch()
    await file.sync()
    return stored
  } finally {
    await file.close()
  }
}

/** The chunks of a body; a body that breaks off is an interrupted upload unless it says better why. */
async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }))
      yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
  } catch (error) {
    throw error instanceof DomainError ? error : uploadInterrupted()
  }
}
