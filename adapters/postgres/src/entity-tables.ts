import type { Image, Replacement, ReplacementState } from '@calotype/core'
import type { Generated } from 'kysely'

export interface SlotTable {
  project_id: string
  id: string
  entity_type: string
  entity_id: string
  slot: string
  accepted: Generated<number>
  placed: Generated<number>
  updated_at: Date
}

export interface SlotReplacementTable {
  project_id: string
  slot_id: string
  number: number
  image_id: string
  source: Replacement['source']
  state: ReplacementState
  by_kind: Image['uploadedBy']['kind']
  by_id: string
  accepted_at: Date
  placed_at: Date | null
  ended_at: Date | null
  release_at: Date | null
  reason: string | null
}

export interface GalleryTable {
  project_id: string
  id: string
  entity_type: string
  entity_id: string
  primary_image_id: string | null
}

export interface GalleryImageTable {
  project_id: string
  gallery_id: string
  image_id: string
  position: number
  caption: string | null
  added_at: Date
}

export interface ShareLinkTable {
  project_id: string
  id: string
  image_id: string | null
  gallery_id: string | null
  token_hash: string
  title: string | null
  created_by_kind: Image['uploadedBy']['kind']
  created_by_id: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  views: Generated<number>
  last_viewed_at: Date | null
}
