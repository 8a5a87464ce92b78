import type { Gallery, GalleryItem, ReplacedSlot, Slot } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import type { Progress } from '../http/send.ts'
import type { CallOptions } from '../images/images.ts'

/** A thing of your own that has pictures, e.g. `{ type: 'moc', id: '42' }`. */
export interface Entity {
  type: string
  id: string
  /** The caller's default project when left out. */
  projectId?: string | undefined
}

export interface EntityUploadOptions extends CallOptions {
  /** Of a `File` the name is known. */
  fileName?: string | undefined
  sha256?: string | undefined
  /** The same key with the same file makes one picture, however often it is sent. */
  idempotencyKey?: string | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export type Entities = ReturnType<typeof createEntities>

const FALLBACK_NAME = 'image'

const pathOf = ({ type, id }: Entity): string => `/entities/${type}/${id}`
const queryOf = ({ projectId }: Entity) => ({ project_id: projectId })

/** A file as a form, or the id of an image that is there already. */
function bodyOf(picture: Blob | string, fields: { caption?: string | undefined }, options: EntityUploadOptions) {
  if (typeof picture === 'string') return { json: { image_id: picture, ...fields } }
  const form = new FormData()
  if (options.sha256 !== undefined) form.set('sha256', options.sha256)
  if (fields.caption !== undefined) form.set('caption', fields.caption)
  form.set('file', picture, options.fileName ?? (picture instanceof File ? picture.name : FALLBACK_NAME))
  return { form }
}

export function createEntities({ call, callFor }: Connection) {
  const send = ({ idempotencyKey, signal, onProgress }: EntityUploadOptions) => ({ idempotencyKey, signal, onProgress })
  return {
    /** The picture of a slot; with history an empty slot is answered, too. */
    slot: (entity: Entity, slot: string, options: CallOptions & { history?: boolean } = {}) => {
      const query = { ...queryOf(entity), include: options.history ? 'history' : undefined }
      return callFor<Slot>({ path: `${pathOf(entity)}/${slot}`, query, signal: options.signal })
    },
    /** Puts a file, or an image by its id, into a slot and waits up to 30 s; `download_url` is null where it takes longer. */
    setSlot: (entity: Entity, slot: string, picture: Blob | string, options: EntityUploadOptions = {}) =>
      callFor<ReplacedSlot>({
        ...{ method: 'POST', path: `${pathOf(entity)}/${slot}`, query: queryOf(entity) },
        ...bodyOf(picture, {}, options),
        ...send(options),
      }),
    /** Brings the picture before back. */
    undoSlot: (entity: Entity, slot: string, { signal }: CallOptions = {}) =>
      callFor<ReplacedSlot>({ method: 'POST', path: `${pathOf(entity)}/${slot}/undo`, query: queryOf(entity), signal }),
    clearSlot: async (entity: Entity, slot: string, { signal }: CallOptions = {}): Promise<void> => {
      await call({ method: 'DELETE', path: `${pathOf(entity)}/${slot}`, query: queryOf(entity), signal })
    },
    /** Every picture of the entity, of its slots and its gallery. */
    delete: async (entity: Entity, { signal }: CallOptions = {}): Promise<void> => {
      await call({ method: 'DELETE', path: pathOf(entity), query: queryOf(entity), signal })
    },

    gallery: (entity: Entity, { signal }: CallOptions = {}) =>
      callFor<Gallery>({ path: `${pathOf(entity)}/gallery`, query: queryOf(entity), signal }),
    /** At the end. */
    addToGallery: (
      entity: Entity,
      picture: Blob | string,
      { caption, ...options }: EntityUploadOptions & { caption?: string | undefined } = {},
    ) =>
      callFor<GalleryItem>({
        ...{ method: 'POST', path: `${pathOf(entity)}/gallery`, query: queryOf(entity) },
        ...bodyOf(picture, { caption }, options),
        ...send(options),
      }),
    /** Every picture of the gallery once; a 409 `gallery_mismatch` names the difference. */
    orderGallery: (entity: Entity, imageIds: readonly string[], { signal }: CallOptions = {}) => {
      const json = { image_ids: [...imageIds] }
      return callFor<Gallery>({
        method: 'PUT',
        path: `${pathOf(entity)}/gallery/order`,
        query: queryOf(entity),
        json,
        signal,
      })
    },
    setPrimary: (entity: Entity, imageId: string, { signal }: CallOptions = {}) => {
      const json = { image_id: imageId }
      const path = `${pathOf(entity)}/gallery/primary`
      return callFor<Gallery>({ method: 'PUT', path, query: queryOf(entity), json, signal })
    },
    /** Null takes the caption away. */
    caption: (entity: Entity, imageId: string, caption: string | null, { signal }: CallOptions = {}) => {
      const path = `${pathOf(entity)}/gallery/${imageId}`
      return callFor<Gallery>({ method: 'PATCH', path, query: queryOf(entity), json: { caption }, signal })
    },
    removeFromGallery: async (entity: Entity, imageId: string, { signal }: CallOptions = {}): Promise<void> => {
      await call({ method: 'DELETE', path: `${pathOf(entity)}/gallery/${imageId}`, query: queryOf(entity), signal })
    },
  }
}
