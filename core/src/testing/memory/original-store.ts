import type { Original, OriginalStore } from '../../images/index.ts'
import { copyOf } from './copy-of.ts'
import { originalId, type StateAccess } from './state.ts'

/** Originals in memory; locks are free, because transactions run one at a time. */
export function memoryOriginalStore(state: StateAccess): OriginalStore {
  const liveTwin = (projectId: string, objectKey: string, sha256: string | null): Original | undefined =>
    sha256 === null
      ? undefined
      : [...state().originals.values()].find(
          other =>
            other.state === 'live' &&
            other.projectId === projectId &&
            other.sha256 === sha256 &&
            other.objectKey !== objectKey,
        )
  const get = (projectId: string, objectKey: string) => state().originals.get(originalId(projectId, objectKey))
  return {
    lockBySha256: async (projectId, sha256) => copyOf(liveTwin(projectId, '', sha256) ?? null),
    lockManyBySha256: async (projectId, sha256s) =>
      copyOf([...new Set(sha256s)].sort().flatMap(sha256 => liveTwin(projectId, '', sha256) ?? [])),
    lockByKey: async (projectId, objectKey) => copyOf(get(projectId, objectKey) ?? null),
    add: async original => {
      if (liveTwin(original.projectId, original.objectKey, original.sha256)) return false
      if (get(original.projectId, original.objectKey)) return true
      const stored = { ...original, state: 'live' as const }
      state().originals.set(originalId(original.projectId, original.objectKey), stored)
      return true
    },
    setSha256: async (projectId, objectKey, sha256) => {
      const original = get(projectId, objectKey)
      if (!original || liveTwin(projectId, objectKey, sha256)) return false
      original.sha256 = sha256
      return true
    },
    markPurging: async (projectId, objectKey) => {
      const original = get(projectId, objectKey)
      if (original) original.state = 'purging'
    },
    findSome: async (projectId, limit) =>
      copyOf([...state().originals.values()].filter(original => original.projectId === projectId).slice(0, limit)),
    remove: async (projectId, objectKey) => {
      state().originals.delete(originalId(projectId, objectKey))
      for (const image of state().images.values())
        if (image.projectId === projectId && image.originalKey === objectKey) image.originalKey = null
    },
  }
}
