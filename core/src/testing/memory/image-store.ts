import { notFound } from '../../access/index.ts'
import type { Clock } from '../../clock.ts'
import {
  canMove,
  type Image,
  type ImageMove,
  type ImageStatus,
  type ImageStore,
  isRestorable,
  type NewImage,
  originalKey,
} from '../../images/index.ts'
import { memoryAnalysis } from './analysis.ts'
import { copyOf } from './copy-of.ts'
import { matchesQuery, newestFirst } from './image-queries.ts'
import { reassign } from './image-reassign.ts'
import { memoryTombstones } from './image-tombstones.ts'
import { isBeingRemade, isRetired } from './remake-store.ts'
import { liveProject, type MemoryState, type StateAccess } from './state.ts'

/** Images in memory. Every answer is a copy, as from a real database. */
export function memoryImageStore(state: StateAccess, clock: Clock): ImageStore {
  const all = (): Image[] => [...state().images.values()]
  const own = (projectId: string, imageId: string): Image | null => {
    const image = state().images.get(imageId)
    return image?.projectId === projectId ? image : null
  }
  const isOf = (organizationId: string, image: Image): boolean =>
    image.purgeState === null && liveProject(state(), image.projectId)?.organizationId === organizationId
  return {
    ...memoryTombstones(state),
    ...memoryAnalysis(state),
    insert: async (image, at) => insert(state(), image, at),
    insertMany: async (images, at) => {
      for (const image of images) insert(state(), image, at)
    },
    find: async (organizationId, imageId) => {
      const image = state().images.get(imageId)
      return image && isOf(organizationId, image) ? copyOf(image) : null
    },
    // The whole image is its own mark.
    findVersions: async keys =>
      keys.map(({ organizationId, imageId }) => {
        const image = state().images.get(imageId)
        if (!image || !isOf(organizationId, image)) return null
        return { imageId, projectId: image.projectId, version: JSON.stringify(image) }
      }),
    findMany: async (organizationId, imageIds) =>
      copyOf(all().filter(image => imageIds.includes(image.id) && isOf(organizationId, image))),
    load: async (projectId, imageId) => copyOf(own(projectId, imageId)),
    locate: async imageIds =>
      all()
        .filter(image => imageIds.includes(image.id))
        .map(({ projectId, id: imageId, status }) => ({ projectId, imageId, status })),
    list: async query =>
      copyOf(
        all()
          .filter(image => matchesQuery(image, query))
          .sort(newestFirst)
          .slice(0, query.limit),
      ),
    move: async move => moveTo(own(move.projectId, move.imageId), move),
    update: async ({ projectId, imageId, status }, change) => {
      const image = own(projectId, imageId)
      if (image?.status !== status) return false
      Object.assign(image, copyOf(change), { updatedAt: clock.now() })
      return true
    },
    reassign: async to => reassign(state(), to),
    setVariants: async ({ projectId, imageId }, _recipeId, variants) => {
      const image = own(projectId, imageId)
      if (image) image.variants = copyOf(variants)
    },
    findByOriginal: async (projectId, key) => copyOf(byOriginals(all(), projectId, [key])),
    findByOriginals: async (projectId, keys) => copyOf(byOriginals(all(), projectId, keys)),
    findStaleUploads: async (expiredBefore, limit) =>
      copyOf(
        all()
          .filter(image => isStale(image, expiredBefore))
          .slice(0, limit),
      ),
    findStranded: async (updatedBefore, limit) => copyOf(stranded(state(), updatedBefore).slice(0, limit)),
    findLostImports: async query => copyOf(lostImports(state(), query).slice(0, query.limit)),
    findReferencedKeys: async keys => referencedKeys(state(), clock, keys),
    findSome: async (projectId, which, limit) =>
      copyOf(
        all()
          .filter(image => image.projectId === projectId && (which === 'all' || image.status !== 'deleted'))
          .slice(0, limit),
      ),
    remove: async (projectId, imageIds) => {
      for (const id of imageIds) if (own(projectId, id)) state().images.delete(id)
      for (const { imageId, objectKey } of state().uploadChunks.values())
        if (!state().images.has(imageId)) state().uploadChunks.delete(objectKey)
    },
    findDeletedSince: async since =>
      all()
        .filter(({ deletedAt }) => deletedAt !== null && deletedAt >= since)
        .map(image => image.id),
  }
}

function insert(state: MemoryState, image: NewImage, at: Date): Image {
  if (!liveProject(state, image.projectId)) throw notFound()
  if (state.images.has(image.id)) throw new Error(`There is an image ${image.id} already`)
  const stored: Image = {
    ...copyOf(image),
    contentType: null,
    width: null,
    height: null,
    animated: null,
    metadata: null,
    placeholder: null,
    perceptualHash: null,
    notes: [],
    variants: [],
    confirmedAt: null,
    failure: null,
    attempt: 0,
    engineFailures: 0,
    lostAttempts: 0,
    history: [{ status: image.status, at, detail: null }],
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
    formerStatus: null,
    purgeAt: null,
    purgeState: null,
  }
  state.images.set(image.id, stored)
  return copyOf(stored)
}

const byOriginals = (images: readonly Image[], projectId: string, keys: readonly string[]): Image[] =>
  images
    .filter(image => image.projectId === projectId && keys.includes(image.originalKey ?? ''))
    .filter(image => image.status !== 'deleted' || isRestorable(image))
    .sort(newestFirst)

function moveTo(image: Image | null, { from, to, attempt, at, detail, change }: ImageMove): Image | null {
  // The real store does not look at the table: a verb that asks for a move beside it is a defect to be found in tests.
  if (!canMove(from, to)) throw new Error(`There is no move from ${from} to ${to}`)
  if (image?.status !== from || image.purgeState !== null) return null
  if (attempt !== undefined && image.attempt !== attempt) return null
  const history = [...image.history, { status: to, at, detail }]
  Object.assign(image, copyOf(change), { status: to, updatedAt: at, history })
  return copyOf(image)
}

const isStale = (image: Image, expiredBefore: Date): boolean =>
  image.status === 'pending_upload' && image.uploadExpiresAt !== null && image.uploadExpiresAt < expiredBefore

/** Images since before this moment that no such job will take on. */
function withoutJob(state: MemoryState, name: 'image.process' | 'image.import', updatedBefore: Date): Image[] {
  const waiting = state.jobs.filter(job => job.name === name && (job.running || job.attempt < job.maxAttempts))
  const hasJob = (image: Image) => waiting.some(job => JSON.stringify(job.payload).includes(image.id))
  return [...state.images.values()].filter(image => image.updatedAt < updatedBefore && !hasJob(image))
}

const stranded = (state: MemoryState, updatedBefore: Date): Image[] =>
  withoutJob(state, 'image.process', updatedBefore).filter(({ status }) => ['uploaded', 'processing'].includes(status))

const lostImports = (state: MemoryState, { updatedBefore, now }: { updatedBefore: Date; now: Date }): Image[] =>
  withoutJob(state, 'image.import', updatedBefore).filter(
    ({ status, origin, uploadExpiresAt }) =>
      status === 'pending_upload' && origin === 'import' && uploadExpiresAt !== null && uploadExpiresAt > now,
  )

function referencedKeys(state: MemoryState, clock: Clock, keys: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>()
  for (const { objectKey, state: life } of state.originals.values()) if (life === 'live') known.add(objectKey)
  for (const key of state.uploadChunks.keys()) known.add(key)
  for (const image of state.images.values()) {
    const status = presentStatus(state, image)
    if (status === 'pending_upload') known.add(originalKey(image.id))
    if (status !== null) for (const variant of image.variants) known.add(variant.objectKey)
  }
  // Variants are stored before they are recorded: what lies under an image that is being worked on is its own.
  const isUnderWay = (key: string): boolean => {
    const [, projectId, imageId = ''] = key.split('/')
    const image = state.images.get(imageId)
    if (!image || image.projectId !== projectId) return false
    return ['uploaded', 'processing'].includes(image.status) || isBeingRemade(state, image)
  }
  return new Set(keys.filter(key => known.has(key) || isUnderWay(key) || isRetired(state, key, clock)))
}

/** The status that counts for its objects: of a deleted image the one that a restore leads to, null where nothing is kept for it. */
function presentStatus(state: MemoryState, image: Image): ImageStatus | null {
  if (image.status !== 'deleted') return image.status
  return isRestorable(image) && liveProject(state, image.projectId) ? image.formerStatus : null
}
