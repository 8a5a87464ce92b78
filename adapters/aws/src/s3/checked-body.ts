import { createHash } from 'node:crypto'
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

/** The smallest part that S3 accepts; what one upload holds in memory is two of them. */
export const PART_BYTES = 5 * 1024 * 1024

export interface CheckedBody {
  /** The body in parts of PART_BYTES, the last one shorter. Throws before the last part when the whole is not as announced. */
  parts: AsyncGenerator<Buffer>
  /** What passed; only to be asked after the last part. */
  stored(): StoredBlob
}

/** Hashes, counts and caps a body on its way. The body is never destroyed: it may be a request that still has to be answered. */
export function checkBody(body: Readable, options: Pick<PutOptions, 'maxBytes' | 'expect'>): CheckedBody {
  const { maxBytes, expect } = options
  const hash = createHash('sha256')
  const stored: StoredBlob = { sizeBytes: 0, sha256: '' }
  async function* checked(): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(body)) {
      stored.sizeBytes += chunk.length
      if (expect?.sizeBytes !== undefined && stored.sizeBytes > expect.sizeBytes)
        throw sizeMismatch(expect.sizeBytes, stored.sizeBytes)
      if (stored.sizeBytes > maxBytes) throw fileTooLarge(maxBytes)
      hash.update(chunk)
      yield chunk
    }
    stored.sha256 = hash.digest('hex')
    if (expect?.sizeBytes !== undefined && stored.sizeBytes !== expect.sizeBytes)
      throw sizeMismatch(expect.sizeBytes, stored.sizeBytes)
    if (expect?.sha256 !== undefined && stored.sha256 !== expect.sha256) throw checksumMismatch()
  }
  return { parts: inParts(checked(), PART_BYTES), stored: () => stored }
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

async function* inParts(chunks: AsyncIterable<Buffer>, partBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const chunk of chunks) {
    let rest = chunk
    while (heldBytes + rest.length >= partBytes) {
      const fitting = rest.subarray(0, partBytes - heldBytes)
      yield Buffer.concat([...held, fitting])
      rest = rest.subarray(fitting.length)
      held = []
      heldBytes = 0
    }
    if (rest.length === 0) continue
    held.push(rest)
    heldBytes += rest.length
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}
