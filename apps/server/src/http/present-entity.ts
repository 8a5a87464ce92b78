import type {
  Gallery as WireGallery,
  ReplacedSlot as WireReplacedSlot,
  ShareLink as WireShareLink,
  Slot as WireSlot,
} from '@calotype/contract'
import {
  type Actor,
  type GalleryView,
  pictureUrl,
  type ReplacedSlot,
  type ShareLink,
  type SlotView,
} from '@calotype/core'
import type { Deps } from '../deps.ts'
import { presentImage } from './present-image.ts'

type Known = Pick<Deps, 'blobs' | 'cdn' | 'clock' | 'signedUrlSeconds'>

const time = (at: Date | null): string | null => at?.toISOString() ?? null

export const presentReplacedSlot = (deps: Known, actor: Actor, name: string, done: ReplacedSlot): WireReplacedSlot => ({
  slot: name,
  number: done.replacement.number,
  image: presentImage(done.image, { actor, uriPrefix: deps.blobs.uriPrefix }),
  download_url: done.inPlace ? pictureUrl(deps, done.image) : null,
  replaced: done.replacedImageId,
})

export function presentSlot(deps: Known, actor: Actor, { slot, image, previous, waiting }: SlotView): WireSlot {
  const to = { actor, uriPrefix: deps.blobs.uriPrefix }
  return {
    ...{ slot: slot.slot, type: slot.type, entity_id: slot.entityId, project_id: slot.projectId, number: slot.placed },
    image: image && presentImage(image, to),
    download_url: image && pictureUrl(deps, image),
    previous: previous.map(({ replacement, image: before }) => ({
      number: replacement.number,
      image: presentImage(before, to),
      placed_at: time(replacement.placedAt),
      replaced_at: time(replacement.endedAt),
    })),
    waiting: waiting.map(({ number, imageId, acceptedAt }) => ({
      ...{ number, image_id: imageId, accepted_at: acceptedAt.toISOString() },
    })),
  }
}

export const presentGallery = (deps: Known, actor: Actor, gallery: GalleryView): WireGallery => ({
  ...{ type: gallery.type, entity_id: gallery.entityId, project_id: gallery.projectId },
  primary_image_id: gallery.primaryImageId,
  items: gallery.items.map(({ imageId, image, caption, addedAt }) => ({
    image_id: imageId,
    image: presentImage(image, { actor, uriPrefix: deps.blobs.uriPrefix }),
    caption,
    primary: imageId === gallery.primaryImageId,
    download_url: pictureUrl(deps, image),
    added_at: addedAt.toISOString(),
  })),
})

export const presentShareLink = (link: ShareLink): WireShareLink => ({
  id: link.id,
  project_id: link.projectId,
  image_id: 'imageId' in link.target ? link.target.imageId : null,
  gallery_id: 'galleryId' in link.target ? link.target.galleryId : null,
  title: link.title,
  created_by: { ...link.createdBy },
  created_at: link.createdAt.toISOString(),
  expires_at: link.expiresAt.toISOString(),
  revoked_at: time(link.revokedAt),
  views: link.views,
  last_viewed_at: time(link.lastViewedAt),
})
