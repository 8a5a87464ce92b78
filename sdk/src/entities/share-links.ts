import type { NewShareLink, ShareLink, ShareLinkList, ShareLinkRequest } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'
import type { Entity } from './entities.ts'

/** An image by its id, or the gallery of an entity. */
export type ShareTarget = { imageId: string } | { gallery: Entity }

function addressOf(target: ShareTarget) {
  if ('imageId' in target) return { path: `/images/${target.imageId}/share-links`, query: {} }
  const { type, id, projectId } = target.gallery
  return { path: `/entities/${type}/${id}/gallery/share-links`, query: { project_id: projectId } }
}

export function createShareLinks({ call, callFor }: Connection) {
  return {
    /** The page's address and token are answered this once. */
    create: (target: ShareTarget, options: ShareLinkRequest & CallOptions & { idempotencyKey?: string } = {}) => {
      const { signal, idempotencyKey, ...json } = options
      return callFor<NewShareLink>({ method: 'POST', ...addressOf(target), json, idempotencyKey, signal })
    },
    /** Every link of an image or gallery, newest first. */
    list: (target: ShareTarget, { signal }: CallOptions = {}): Promise<ShareLink[]> => {
      const { path, query } = addressOf(target)
      return everyItem(cursor =>
        callFor<ShareLinkList>({ path, query: { ...query, cursor, limit: LARGEST_PAGE }, signal }),
      )
    },
    revoke: async (linkId: string, { signal }: CallOptions = {}): Promise<void> => {
      await call({ method: 'DELETE', path: `/share-links/${linkId}`, signal })
    },
  }
}
