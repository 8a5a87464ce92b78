import type { Replacement, Slot, SlotKey, SlotStore } from '@calotype/core'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { SlotReplacementTable, SlotTable, Tables } from './tables.ts'

const toSlot = (row: Selectable<SlotTable>): Slot => ({
  projectId: row.project_id,
  id: row.id,
  type: row.entity_type,
  entityId: row.entity_id,
  slot: row.slot,
  accepted: row.accepted,
  placed: row.placed,
  updatedAt: row.updated_at,
})

const toReplacement = (row: Selectable<SlotReplacementTable>): Replacement => ({
  projectId: row.project_id,
  slotId: row.slot_id,
  number: row.number,
  imageId: row.image_id,
  source: row.source,
  state: row.state,
  by: { kind: row.by_kind, id: row.by_id },
  acceptedAt: row.accepted_at,
  placedAt: row.placed_at,
  endedAt: row.ended_at,
  releaseAt: row.release_at,
  reason: row.reason,
})

export const createPostgresSlotStore = (db: Kysely<Tables>): SlotStore => ({
  ...createSlots(db),
  ...createReplacements(db),
  ...createSlotSweeps(db),
})

const byKey = (db: Kysely<Tables>, { projectId, type, entityId, slot }: SlotKey) =>
  db
    .selectFrom('slots')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('entity_type', '=', type)
    .where('entity_id', '=', entityId)
    .where('slot', '=', slot)

type SlotRows = Pick<SlotStore, 'find' | 'open' | 'lock' | 'lockAll' | 'save' | 'findNames'>

const createSlots = (db: Kysely<Tables>): SlotRows => ({
  async find(key) {
    const row = await byKey(db, key).executeTakeFirst()
    return row ? toSlot(row) : null
  },

  async open(key, id, at) {
    const { projectId: project_id, type: entity_type, entityId: entity_id, slot } = key
    // The update changes nothing but holds the row, whoever made it.
    const row = await db
      .insertInto('slots')
      .values({ project_id, id, entity_type, entity_id, slot, updated_at: at })
      .onConflict(conflict =>
        conflict.columns(['project_id', 'entity_type', 'entity_id', 'slot']).doUpdateSet({ updated_at: at }),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
    return toSlot(row)
  },

  async lock(projectId, slotId) {
    const row = await db
      .selectFrom('slots')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', slotId)
      .forUpdate()
      .executeTakeFirst()
    return row ? toSlot(row) : null
  },

  async lockAll({ projectId, type, entityId }) {
    const rows = await db
      .selectFrom('slots')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('entity_type', '=', type)
      .where('entity_id', '=', entityId)
      .orderBy('slot')
      .forUpdate()
      .execute()
    return rows.map(toSlot)
  },

  async save({ projectId, id, accepted, placed, updatedAt }) {
    await db
      .updateTable('slots')
      .set({ accepted, placed, updated_at: updatedAt })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute()
  },

  async findNames({ projectId, type, entityId }) {
    const rows = await db
      .selectFrom('slots')
      .select('slot')
      .where('project_id', '=', projectId)
      .where('entity_type', '=', type)
      .where('entity_id', '=', entityId)
      .orderBy('slot')
      .execute()
    return rows.map(row => row.slot)
  },
})

type ReplacementRows = Pick<SlotStore, 'add' | 'saveReplacements' | 'findReplacement' | 'listReplacements'>

const createReplacements = (db: Kysely<Tables>): ReplacementRows => ({
  async add(each) {
    await db
      .insertInto('slot_replacements')
      .values({
        ...{ project_id: each.projectId, slot_id: each.slotId, number: each.number, image_id: each.imageId },
        ...{ source: each.source, by_kind: each.by.kind, by_id: each.by.id, accepted_at: each.acceptedAt },
        ...changeable(each),
      })
      .execute()
  },

  async saveReplacements(replacements) {
    for (const each of replacements) {
      await db
        .updateTable('slot_replacements')
        .set(changeable(each))
        .where('project_id', '=', each.projectId)
        .where('slot_id', '=', each.slotId)
        .where('number', '=', each.number)
        .execute()
    }
  },

  async findReplacement(projectId, slotId, number) {
    const row = await db
      .selectFrom('slot_replacements')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('slot_id', '=', slotId)
      .where('number', '=', number)
      .executeTakeFirst()
    return row ? toReplacement(row) : null
  },

  async listReplacements(projectId, slotId, states, limit) {
    const rows = await db
      .selectFrom('slot_replacements')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('slot_id', '=', slotId)
      .where('state', 'in', [...states])
      .orderBy('number', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toReplacement)
  },
})

const changeable = ({ state, placedAt, endedAt, releaseAt, reason }: Replacement) => ({
  state,
  placed_at: placedAt,
  ended_at: endedAt,
  release_at: releaseAt,
  reason,
})

type SlotSweeps = Pick<SlotStore, 'findWaiting' | 'findHeld' | 'findUnsettled' | 'forgetEmpty'>

const createSlotSweeps = (db: Kysely<Tables>): SlotSweeps => ({
  async findWaiting(projectId, imageId) {
    const rows = await db
      .selectFrom('slot_replacements')
      .select('slot_id')
      .distinct()
      .where('image_id', '=', imageId)
      .where('state', '=', 'waiting')
      .where('project_id', '=', projectId)
      .orderBy('slot_id')
      .execute()
    return rows.map(row => row.slot_id)
  },

  async findHeld(projectId, imageIds) {
    const rows = await db
      .selectFrom('slot_replacements')
      .select('image_id')
      .distinct()
      .where(eb => eb('image_id', '=', eb.fn.any(eb.val([...imageIds]))))
      .where('state', 'in', ['waiting', 'current', 'replaced'])
      .where('project_id', '=', projectId)
      .execute()
    return new Set(rows.map(row => row.image_id))
  },

  async findUnsettled(before, limit) {
    const { rows } = await sql<{ project_id: string; slot_id: string }>`
      select distinct project_id, slot_id from (
        select r.project_id, r.slot_id from slot_replacements r
        left join images i on i.id = r.image_id and i.project_id = r.project_id
        where r.state = 'waiting' and r.accepted_at < ${before}
          and (i.id is null or i.status in ('ready', 'failed', 'deleted'))
        union all
        select project_id, slot_id from slot_replacements where state = 'replaced' and release_at < ${before}
      ) unsettled limit ${limit}`.execute(db)
    return rows.map(row => ({ projectId: row.project_id, id: row.slot_id }))
  },

  async forgetEmpty(before, limit) {
    const { numAffectedRows } = await sql`
      delete from slots where (project_id, id) in (
        select s.project_id, s.id from slots s
        where s.updated_at < ${before} and not exists (
          select from slot_replacements r where r.project_id = s.project_id and r.slot_id = s.id)
        limit ${limit} for update of s skip locked
      ) and updated_at < ${before}`.execute(db)
    return Number(numAffectedRows ?? 0n)
  },
})
