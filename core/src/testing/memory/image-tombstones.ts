import { type Image, isRestorable, type TombstoneStore, visibilityOf, weightOf } from '../../images/index.ts'
import { copyOf } from './copy-of.ts'
import { newestFirst } from './image-queries.ts'
import { liveProject, type MemoryState, type StateAccess } from './state.ts'

/** Deleted images in memory. */
export function memoryTombstones(state: StateAccess): TombstoneStore {
  const own = (projectId: string, imageId: string): Image | null => {
    const image = state().images.get(imageId)
    return image?.projectId === projectId ? image : null
  }
  return {
    tombstone: async (deletions, at) =>
      deletions.flatMap(({ projectId, imageId, from, purgeAt }) => {
        const image = own(projectId, imageId)
        if (!image || image.status === 'deleted' || image.status !== from) return []
        const history = [...image.history, { status: 'deleted' as const, at, detail: null }]
        const change = { formerStatus: image.status, deletedAt: at, purgeAt, updatedAt: at, history }
        Object.assign(image, change, { status: 'deleted' })
        return [{ imageId, attempt: image.attempt }]
      }),
    withdrawVariants: async (projectId, imageIds) =>
      imageIds.flatMap(imageId => {
        const image = own(projectId, imageId)
        const published = image?.variants.filter(({ objectKey }) => visibilityOf(objectKey) === 'public') ?? []
        if (!image || published.length === 0) return []
        image.variants = image.variants.filter(variant => !published.includes(variant))
        return [{ imageId, sizeBytes: weightOf(published) }]
      }),
    startPurge: async (projectId, imageId, now) => {
      const image = own(projectId, imageId)
      if (!image || !isDue(state(), image, now)) return null
      image.purgeState = 'purging'
      return copyOf(image)
    },
    finishPurge: async (projectId, imageId) => {
      const image = own(projectId, imageId)
      if (image?.purgeState !== 'purging') return false
      const change = { originalKey: null, variants: [], metadata: null, placeholder: null, perceptualHash: null }
      Object.assign(image, change, { purgeState: 'purged' })
      return true
    },
    findDueTombstones: async (now, limit) =>
      copyOf(
        [...state().images.values()]
          .filter(image => isDue(state(), image, now))
          .slice(0, limit)
          .map(({ projectId, id, purgeAt, purgeState }) => ({ projectId, id, purgeAt, purgeState })),
      ),
    forgetPurged: async (before, limit) => {
      const past = [...state().images.values()].filter(image => isForgettable(image, before)).slice(0, limit)
      for (const image of past) state().images.delete(image.id)
      return past.length
    },
    findSimilar: async ({ projectId, perceptualHash, distance, scan, limit }) => {
      const compared = [...state().images.values()]
        .filter(image => image.projectId === projectId && image.status === 'ready' && image.perceptualHash !== null)
        .sort(newestFirst)
        .slice(0, scan)
        .map(image => ({ image, differs: bitsBetween(image.perceptualHash ?? '', perceptualHash) }))
      const near = compared.filter(each => each.differs <= distance)
      near.sort((left, right) => left.differs - right.differs || newestFirst(left.image, right.image))
      return copyOf(near.slice(0, limit).map(each => each.image))
    },
  }
}

/** What a deleted project held goes with the project. */
const isDue = (state: MemoryState, image: Image, now: Date): boolean =>
  (isRestorable(image) || image.purgeState === 'purging') &&
  image.purgeAt !== null &&
  image.purgeAt <= now &&
  liveProject(state, image.projectId) !== null

const isForgettable = ({ purgeState, deletedAt, uploadExpiresAt }: Image, before: Date): boolean =>
  purgeState === 'purged' &&
  deletedAt !== null &&
  deletedAt < before &&
  (uploadExpiresAt === null || uploadExpiresAt < before)

function bitsBetween(left: string, right: string): number {
  const bits = (BigInt(`0x${left}`) ^ BigInt(`0x${right}`)).toString(2)
  return bits.split('1').length - 1
}
