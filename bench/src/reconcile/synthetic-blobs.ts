import type { BlobInfo, BlobStore } from '@calotype/core'
import { differenceOf, imageId, OBJECT_BYTES, originalOf, type Plan, variantOf } from './plant.ts'

const OLD = new Date(Date.now() - 2 * 86_400_000)

export interface SyntheticBlobs {
  blobs: BlobStore
  removed: Set<string>
}

/** Storage that holds no bytes: its listing is made up as it is read, so that a million objects weigh nothing. */
export function createSyntheticBlobs(plan: Plan): SyntheticBlobs {
  const removed = new Set<string>()
  const info = (key: string, sizeBytes = OBJECT_BYTES): BlobInfo => ({ key, sizeBytes, modifiedAt: OLD })
  const never = (): never => {
    throw new Error('A comparison neither reads nor writes objects')
  }
  const blobs: BlobStore = {
    ...{ uriPrefix: 'synthetic://', put: never, putFile: never, read: never, readWhole: never, fetchToFile: never },
    head: async key => {
      const object = find(plan, key)
      return object && !removed.has(key) ? info(key, object.sizeBytes) : null
    },
    remove: async keys => {
      for (const key of keys) removed.add(key)
      return []
    },
    list: async function* (prefix) {
      for (const { key, sizeBytes } of objectsUnder(plan, prefix)) if (!removed.has(key)) yield info(key, sizeBytes)
    },
    check: async () => {},
  }
  return { blobs, removed }
}

interface Held {
  key: string
  sizeBytes: number
}

function* objectsUnder(plan: Plan, prefix: string): Generator<Held> {
  if (prefix.startsWith('public/')) return
  for (let at = 0; at < plan.images; at++) yield* prefix === 'uploads/' ? uploads(plan, at) : variants(plan, at)
}

function* uploads(plan: Plan, at: number): Generator<Held> {
  if (differenceOf(plan, at) !== 'no_original') yield { key: originalOf(at), sizeBytes: OBJECT_BYTES }
}

function* variants(plan: Plan, at: number): Generator<Held> {
  const difference = differenceOf(plan, at)
  if (difference !== 'no_variant')
    yield { key: variantOf(plan, at), sizeBytes: difference === 'wrong_size' ? OBJECT_BYTES - 1 : OBJECT_BYTES }
  yield { key: variantOf(plan, at, 'webp'), sizeBytes: OBJECT_BYTES }
  if (difference === 'stray') yield { key: strayOf(plan, at), sizeBytes: OBJECT_BYTES }
}

export const strayOf = (plan: Plan, at: number): string => `private/${plan.projectId}/${imageId(at)}/s/full.avif`

function find(plan: Plan, key: string): Held | null {
  const id = key.split('/').find(part => /^\d{26}$/.test(part))
  const at = Number(id)
  if (id === undefined || at >= plan.images) return null
  const all = key.startsWith('uploads/') ? uploads(plan, at) : variants(plan, at)
  return [...all].find(held => held.key === key) ?? null
}
