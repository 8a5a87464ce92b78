import { z } from 'zod'
import { Image } from './image.ts'
import { Id, MAX_PAGE, PageQuery, Timestamp } from './scalars.ts'

export const MAX_ORDER = 2 * 500

const entity = {
  type: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  entity_id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
}

export const EntityParams = z.object(entity)
export const SlotParams = z.object({
  ...entity,
  slot: z.string().regex(/^(?!gallery$)[a-z][a-z0-9-]{0,63}$/),
})
export const GalleryImageParams = z.object({ ...entity, image_id: Id })

export const EntityQuery = z.object({
  project_id: Id.optional().meta({ description: 'The caller’s default project when left out.' }),
})
export const SlotQuery = EntityQuery.extend({
  include: z.enum(['history']).optional().meta({ description: 'Answer an empty slot too, with what was in it.' }),
})

/** Instead of a form with a file. */
export const SlotRequest = z.object({ image_id: Id, project_id: Id.optional() }).meta({ id: 'SlotRequest' })
export type SlotRequest = z.infer<typeof SlotRequest>

export const ReplacedSlot = z
  .object({
    slot: z.string(),
    number: z.number().int().meta({ description: 'Of this replacement; what is in place has the highest one.' }),
    image: Image,
    download_url: z.string().nullable().meta({ description: 'Signed; null while the picture is not in place.' }),
    replaced: Id.nullable().meta({ description: 'The image that was in place before.' }),
  })
  .meta({ id: 'ReplacedSlot' })
export type ReplacedSlot = z.infer<typeof ReplacedSlot>

export const Slot = z
  .object({
    slot: z.string(),
    type: z.string(),
    entity_id: z.string(),
    project_id: Id,
    number: z.number().int(),
    image: Image.nullable(),
    download_url: z.string().nullable(),
    previous: z
      .array(
        z.object({
          number: z.number().int(),
          image: Image,
          placed_at: Timestamp.nullable(),
          replaced_at: Timestamp.nullable(),
        }),
      )
      .meta({ description: 'What was in place before, the newest first, as long as it can be brought back.' }),
    waiting: z.array(z.object({ number: z.number().int(), image_id: Id, accepted_at: Timestamp })),
  })
  .meta({ id: 'Slot' })
export type Slot = z.infer<typeof Slot>

export const GalleryItem = z
  .object({
    image_id: Id,
    image: Image,
    caption: z.string().nullable(),
    primary: z.boolean(),
    download_url: z.string().nullable(),
    added_at: Timestamp,
  })
  .meta({ id: 'GalleryItem' })
export type GalleryItem = z.infer<typeof GalleryItem>

export const Gallery = z
  .object({
    type: z.string(),
    entity_id: z.string(),
    project_id: Id,
    primary_image_id: Id.nullable().meta({ description: 'The first picture unless another one was chosen.' }),
    items: z.array(GalleryItem),
  })
  .meta({ id: 'Gallery' })
export type Gallery = z.infer<typeof Gallery>

/** Instead of a form with a file. */
export const GalleryRequest = z
  .object({ image_id: Id, caption: z.string().nullable().optional(), project_id: Id.optional() })
  .meta({ id: 'GalleryRequest' })
export type GalleryRequest = z.infer<typeof GalleryRequest>

export const GalleryOrder = z
  .object({ image_ids: z.array(Id).max(MAX_ORDER).meta({ description: 'Every picture of the gallery once.' }) })
  .meta({ id: 'GalleryOrder' })
export const GalleryPrimary = z.object({ image_id: Id }).meta({ id: 'GalleryPrimary' })
export const GalleryCaption = z
  .object({ caption: z.string().nullable().meta({ description: 'At most 1,000 characters; null takes it away.' }) })
  .meta({ id: 'GalleryCaption' })

export const ShareLinkRequest = z
  .object({
    expires_in_seconds: z.number().int().optional().meta({ description: '60 to 31,622,400; 7 days when left out.' }),
    title: z.string().optional().meta({ description: 'Heads the page and its preview; at most 200 characters.' }),
  })
  .meta({ id: 'ShareLinkRequest' })
export type ShareLinkRequest = z.infer<typeof ShareLinkRequest>

export const ShareLink = z
  .object({
    id: Id,
    project_id: Id,
    image_id: Id.nullable(),
    gallery_id: Id.nullable(),
    title: z.string().nullable(),
    created_by: z.object({ kind: z.enum(['user', 'api_key', 'service']), id: z.string() }),
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Timestamp.nullable(),
    views: z.number().int().meta({ description: 'How often the page was opened; counted within seconds.' }),
    last_viewed_at: Timestamp.nullable(),
  })
  .meta({ id: 'ShareLink' })
export type ShareLink = z.infer<typeof ShareLink>

export const NewShareLink = ShareLink.extend({
  url: z.string().optional().meta({ description: 'The page; answered once, with its token.' }),
  token: z.string().optional(),
}).meta({ id: 'NewShareLink' })
export type NewShareLink = z.infer<typeof NewShareLink>

export const ShareLinkList = z
  .object({ items: z.array(ShareLink).max(MAX_PAGE), next_cursor: z.string().nullable() })
  .meta({ id: 'ShareLinkList' })
export type ShareLinkList = z.infer<typeof ShareLinkList>

export const GalleryPageQuery = PageQuery.extend({ project_id: Id.optional() })
