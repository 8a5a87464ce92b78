import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'

/** Bytes that differ from place to place, so that a wrong range shows. */
export const sampleBytes = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 31) % 251))

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A body in chunks of odd length, the last of which may be an error. */
export function bodyOf(bytes: Buffer, failure?: Error): Readable {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 1_013) chunks.push(bytes.subarray(at, at + 1_013))
  return Readable.from(
    (async function* () {
      yield* chunks
      if (failure) throw failure
    })(),
  )
}

export async function readAll(stream: Readable | null): Promise<Buffer | null> {
  if (!stream) return null
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
