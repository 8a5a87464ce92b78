import type { AuditAction, Finding, KindCounts, ReconcileRun } from '@calotype/core'
import type { ColumnType, Generated } from 'kysely'

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
  /** Written as text made by `toJson`. */
  counts: ColumnType<KindCounts, string, string>
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
