import type {
  AuditAction,
  EncodingReceipt,
  EventType,
  Finding,
  Image,
  ImageMetadata,
  KindCounts,
  ProjectSettings,
  ReconcileRun,
  Replacement,
  ReplacementState,
  Role,
  Scope,
  SecurityEvent,
  VariantFormat,
} from '@calotype/core'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** A json column: written as text made by `toJson`, read as the value. */
type Json<T> = ColumnType<T, string, string>
type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>

export interface OrganizationTable {
  id: string
  name: string
  created_at: Generated<Date>
  deleted_at: Date | null
  installed: Generated<boolean>
}

export interface ProjectTable {
  organization_id: string
  id: string
  name: string
  settings: Json<ProjectSettings>
  created_at: Generated<Date>
  deleted_at: Date | null
}

export interface DeletedProjectTable {
  organization_id: string
  project_id: string
  deleted_at: Date
  removed_at: Date | null
}

export interface MembershipTable {
  organization_id: string
  user_id: string
  id: string
  role: Role
  joined_at: Date
}

export interface InvitationTable {
  organization_id: string
  id: string
  email: string
  role: Role
  token_hash: string
  invited_by_kind: Image['uploadedBy']['kind']
  invited_by_id: string
  created_at: Date
  expires_at: Date
  accepted_at: Date | null
  accepted_by: string | null
  revoked_at: Date | null
}

export interface ApiKeyTable {
  organization_id: string
  id: string
  name: string
  kind: Generated<'api_key' | 'service'>
  role: Role | null
  key_hash: string
  project_ids: string[] | null
  scopes: Scope[] | null
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export interface SignInLinkTable {
  organization_id: string
  token_hash: string
  created_at: Generated<Date>
  expires_at: Date
  spent_at: Date | null
}

export interface SessionTable {
  organization_id: string
  id: string
  token_hash: string
  created_at: Generated<Date>
  expires_at: Date
}

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

export interface UserTable {
  id: string
  name: string
  email: string
  email_verified: Generated<boolean>
  image: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface UserSessionTable {
  id: string
  user_id: string
  token: string
  active_organization_id: string | null
  ip_address: string | null
  user_agent: string | null
  expires_at: Date
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface SecurityLogTable {
  organization_id: string
  id: string
  at: Date
  event: SecurityEvent
  actor_kind: 'user' | 'api_key' | 'service' | null
  actor_id: string | null
  ip: string | null
  project_id: string | null
  code: string | null
  detail: string
  request_id: string | null
  count: number
}

export interface AuditEntryTable {
  organization_id: string
  id: string
  at: Date
  action: AuditAction
  actor_kind: 'user' | 'api_key' | 'service'
  actor_id: string
  project_id: string | null
  subject: string | null
  detail: string
  ip: string | null
  request_id: string | null
  seq: number | null
  prev_hash: string | null
  hash: string | null
}

export interface ReconcileRunTable {
  organization_id: string
  id: string
  project_id: string | null
  apply: boolean
  status: Generated<ReconcileRun['status']>
  attempt: Generated<number>
  cut_off: Date
  objects: Generated<number>
  rows: Generated<number>
  expected_rows: number | null
  position: string | null
  counts: Json<KindCounts>
  started_by_kind: 'user' | 'api_key' | 'service'
  started_by_id: string
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
  failure: string | null
}

export interface ReconcileFindingTable {
  organization_id: string
  run_id: string
  kind: Finding['kind']
  object_key: string
  project_id: string
  image_id: string
  expected_bytes: number | null
  actual_bytes: number | null
  outcome: Finding['outcome']
}

export interface IdempotencyKeyTable {
  organization_id: string | null
  principal: string
  route: string
  key: string
  request_hash: string
  token: string
  result: JsonOrNull<unknown>
  created_at: Date
  leased_until: Date
  expires_at: Date
}

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
