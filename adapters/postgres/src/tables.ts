import type { EncodingReceipt, EventType, Image, ImageMetadata, VariantFormat } from '@calotype/core'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type {
  ApiKeyTable,
  DeletedProjectTable,
  IdempotencyKeyTable,
  InvitationTable,
  MembershipTable,
  OrganizationTable,
  ProjectTable,
  SecurityLogTable,
  SessionTable,
  SignInLinkTable,
  UserSessionTable,
  UserTable,
} from './access-tables.ts'
import type { AuditEntryTable, ReconcileFindingTable, ReconcileRunTable } from './care-tables.ts'
import type {
  GalleryImageTable,
  GalleryTable,
  ShareLinkTable,
  SlotReplacementTable,
  SlotTable,
} from './entity-tables.ts'
import type { Json, JsonOrNull } from './json-column.ts'

export type * from './access-tables.ts'
export type * from './entity-tables.ts'

export interface OriginalTable {
  project_id: string
  object_key: string
  sha256: string | null
  size_bytes: number
  state: Generated<'live' | 'purging'>
  created_at: Generated<Date>
}

export interface ImageTable {
  project_id: string
  id: string
  status: Image['status']
  origin: Image['origin']
  origin_id: string | null
  file_name: string
  declared_type: string | null
  declared_size: number | null
  declared_sha256: string | null
  content_type: string | null
  size_bytes: number | null
  sha256: string | null
  original_key: string | null
  width: number | null
  height: number | null
  animated: boolean | null
  metadata: JsonOrNull<ImageMetadata>
  placeholder: JsonOrNull<NonNullable<Image['placeholder']>>
  uploaded_by_kind: Image['uploadedBy']['kind']
  uploaded_by_id: string
  uploaded_at: Date | null
  upload_expires_at: Date | null
  confirmed_at: Date | null
  analysis_status: Image['analysis']['status']
  analysis_types: string[]
  analysis_result: JsonOrNull<unknown>
  analysis_updated_at: Date | null
  priority: Image['priority']
  failure_code: string | null
  failure_detail: string | null
  attempt: Generated<number>
  engine_failures: Generated<number>
  lost_attempts: Generated<number>
  perceptual_hash: string | null
  notes: Generated<string[]>
  alt: string | null
  reference: string | null
  attributes: ColumnType<Record<string, unknown>, string | undefined, string>
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
  former_status: Image['formerStatus']
  purge_at: Date | null
  purge_state: Image['purgeState']
}

export interface ImageHistoryTable {
  project_id: string
  image_id: string
  id: GeneratedAlways<number>
  status: Image['status']
  at: Date
  detail: string | null
}

export interface ImageVariantTable {
  project_id: string
  image_id: string
  name: string
  format: VariantFormat
  position: number
  recipe_id: string
  content_type: string
  width: number
  height: number
  size_bytes: number
  object_key: string
  encoding: Json<EncodingReceipt>
  created_at: Generated<Date>
}

export interface UploadChunkTable {
  project_id: string
  image_id: string
  start_at: number
  size_bytes: number
  object_key: string
}

export interface EventTable {
  project_id: string
  /** xid8 as text: it has more bits than a number. */
  xid: GeneratedAlways<string>
  id: GeneratedAlways<number>
  type: EventType
  payload: Json<Record<string, unknown>>
  created_at: Generated<Date>
}

export interface UsageEntryTable {
  project_id: string
  id: GeneratedAlways<number>
  cause: string
  purpose: string
  stored_bytes: number
  puts: number
  gets: number
  delivered_bytes: number
  created_at: Generated<Date>
}

/** What the migrations make, as Kysely sees it. */
export interface Tables {
  idempotency_keys: IdempotencyKeyTable
  organizations: OrganizationTable
  projects: ProjectTable
  deleted_projects: DeletedProjectTable
  memberships: MembershipTable
  invitations: InvitationTable
  api_keys: ApiKeyTable
  sign_in_links: SignInLinkTable
  sessions: SessionTable
  originals: OriginalTable
  images: ImageTable
  image_history: ImageHistoryTable
  image_variants: ImageVariantTable
  upload_chunks: UploadChunkTable
  events: EventTable
  usage_entries: UsageEntryTable
  security_log: SecurityLogTable
  audit_entries: AuditEntryTable
  reconcile_runs: ReconcileRunTable
  reconcile_findings: ReconcileFindingTable
  slots: SlotTable
  slot_replacements: SlotReplacementTable
  galleries: GalleryTable
  gallery_images: GalleryImageTable
  share_links: ShareLinkTable
  users: UserTable
  user_sessions: UserSessionTable
}
