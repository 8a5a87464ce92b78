import { CalotypeError } from '@calotype/sdk'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../app/api.ts'

/** A thing of the customer's own that has pictures, in the project that is open. */
export interface ShownEntity {
  type: string
  id: string
  projectId: string
}

const LOOK_AGAIN_MS = 2_000

export const slotKey = ({ projectId, type, id }: ShownEntity, slot: string) =>
  ['slot', projectId, type, id, slot] as const
export const galleryKey = ({ projectId, type, id }: ShownEntity) => ['gallery', projectId, type, id] as const

/** Null: nothing was ever put there. */
export const slotQuery = (entity: ShownEntity, slot: string) =>
  queryOptions({
    queryKey: slotKey(entity, slot),
    queryFn: ({ signal }) => api.entities.slot(entity, slot, { history: true, signal }).catch(nothingThere),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data != null && state.data.waiting.length > 0 ? LOOK_AGAIN_MS : false),
  })

/** Null: it has none. */
export const galleryQuery = (entity: ShownEntity) =>
  queryOptions({
    queryKey: galleryKey(entity),
    queryFn: ({ signal }) => api.entities.gallery(entity, { signal }).catch(nothingThere),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ image }) => image.status === 'uploaded' || image.status === 'processing')
        ? LOOK_AGAIN_MS
        : false,
  })

function nothingThere(error: unknown): null {
  if (error instanceof CalotypeError && error.status === 404) return null
  throw error
}
