import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { BlobInfo, BlobStore, PutOptions, StoredBlob } from '../../blob-store.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { DomainError } from '../../errors.ts'
import {
  checksumMismatch,
  fileTooLarge,
  sizeMismatch,
  uploadAlreadyReceived,
  uploadInterrupted,
} from '../../images/index.ts'

export interface MemoryBlobStore extends BlobStore {
  /** Keys of what is stored, in byte order. */
  keys(): readonly string[]
  bytes(key: string): Buffer | null
  /** From now on every call rejects with this error; null ends the outage. */
  failWith(error: Error | null): void
}

interface Held {
  bytes: Buffer
  modifiedAt: Date
}

/** Objects in memory. */
export function createMemoryBlobStore(clock: Clock = systemClock): MemoryBlobStore {
  const held = new Map<string, Held>()
  let failure: Error | null = null
  const keys = () => [...held.keys()].sort()
  const get = (key: string): Held | null => {
    if (failure) throw failure
    return held.get(checkKey(key)) ?? null
  }
  const set = (key: string, bytes: Buffer) => held.set(key, { bytes, modifiedAt: clock.now() })
  return {
    uriPrefix: 'memory://',
    put: async (key, body, options) => {
      if (get(key) && options.ifAbsent) throw uploadAlreadyReceived()
      const { bytes, stored } = await collect(body, options)
      if (get(key) && options.ifAbsent) throw uploadAlreadyReceived()
      set(key, bytes)
      return stored
    },
    putFile: async (key, path) => {
      get(key)
      set(key, await readFile(path))
      await rm(path)
    },
    head: async key => infoOf(key, get(key)),
    read: async (key, range) => {
      const object = get(key)
      if (!object) return null
      const bytes = range ? object.bytes.subarray(range.start, range.end + 1) : object.bytes
      return Readable.from(bytes.length > 0 ? [Buffer.from(bytes)] : [])
    },
    readWhole: async (key, maxBytes) => {
      const object = get(key)
      if (!object) return null
      return object.bytes.length > maxBytes ? 'too_large' : { ...object, bytes: Buffer.from(object.bytes) }
    },
    fetchToFile: async (key, path) => {
      const object = get(key)
      if (!object) return false
      await writeFile(path, object.bytes, { flag: 'wx' })
      return true
    },
    remove: async removed => {
      for (const key of removed) if (get(key)) held.delete(key)
      return []
    },
    list: async function* (prefix) {
      for (const key of keys().filter(each => each.startsWith(prefix))) {
        const info = infoOf(key, get(key))
        if (info) yield info
      }
    },
    check: async () => {
      if (failure) throw failure
    },
    keys,
    bytes: key => held.get(key)?.bytes ?? null,
    failWith: error => {
      failure = error
    },
  }
}

const infoOf = (key: string, object: Held | null): BlobInfo | null =>
  object && { key, sizeBytes: object.bytes.length, modifiedAt: object.modifiedAt }

function checkKey(key: string): string {
  const segments = key.split('/')
  if (key.length <= 512 && segments.every(each => /^[A-Za-z0-9._-]+$/.test(each) && each !== '.' && each !== '..'))
    return key
  throw new DomainError('invalid', 'invalid_request', 'This is not the key of an object.')
}

async function collect(
  body: Readable,
  { maxBytes, expect }: PutOptions,
): Promise<{ bytes: Buffer; stored: StoredBlob }> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of chunksOf(body)) {
    sizeBytes += chunk.length
    if (expect?.sizeBytes !== undefined && sizeBytes > expect.sizeBytes) throw sizeMismatch(expect.sizeBytes, sizeBytes)
    if (sizeBytes > maxBytes) throw fileTooLarge(maxBytes)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (expect?.sizeBytes !== undefined && sizeBytes !== expect.sizeBytes) throw sizeMismatch(expect.sizeBytes, sizeBytes)
  if (expect?.sha256 !== undefined && sha256 !== expect.sha256) throw checksumMismatch()
  return { bytes, stored: { sizeBytes, sha256 } }
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield Buffer.from(chunk)
  } catch (error) {
    throw error instanceof DomainError ? error : uploadInterrupted()
  }
}
