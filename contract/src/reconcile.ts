import { z } from 'zod'
import { isOneReach, reachFields, TWO_REACHES } from './reach.ts'
import { Id, Timestamp } from './scalars.ts'

export const ReconcileRequest = z
  .object({
    ...reachFields,
    scope: reachFields.scope.meta({
      description:
        '`organization`: all of it, and for the organisation of the installation also objects that belong to nothing; then without `project_id`.',
    }),
    apply: z.boolean().default(false).meta({ description: 'Also repair what is found.' }),
  })
  .refine(isOneReach, TWO_REACHES)
  .meta({ id: 'ReconcileRequest' })

const KindCount = z.object({ found: z.number().int(), repaired: z.number().int() }).meta({ id: 'ReconcileCount' })
export const FindingKind = z.enum(['unreferenced', 'missing_original', 'missing_variant', 'wrong_size'])
export type FindingKind = z.infer<typeof FindingKind>

export const ReconcileFinding = z
  .object({
    kind: FindingKind,
    key: z.string(),
    project_id: z.string().nullable(),
    image_id: z.string().nullable(),
    expected_bytes: z.number().int().nullable(),
    actual_bytes: z.number().int().nullable(),
    outcome: z.enum(['found', 'removed', 'requeued', 'recorded']),
    detail: z.string().meta({ description: 'In a sentence.' }),
  })
  .meta({ id: 'ReconcileFinding' })
export type ReconcileFinding = z.infer<typeof ReconcileFinding>

/** A comparison of storage and records. */
export const ReconcileReport = z
  .object({
    id: Id,
    project_id: Id.nullable(),
    apply: z.boolean(),
    status: z.enum(['queued', 'running', 'done', 'failed']),
    summary: z.string().meta({ description: 'How it stands, for people.' }),
    cut_off: Timestamp.meta({ description: 'Nothing that was made after this moment is judged.' }),
    progress: z.object({
      objects: z.number().int().meta({ description: 'Objects that storage listed so far.' }),
      rows: z.number().int().meta({ description: 'Records that refer to objects, so far.' }),
      expected_rows: z.number().int().nullable(),
      position: z.string().nullable().meta({ description: 'The last key that was compared.' }),
    }),
    counts: z.object({
      unreferenced: KindCount,
      missing_original: KindCount,
      missing_variant: KindCount,
      wrong_size: KindCount,
    }),
    findings: z.array(ReconcileFinding).meta({ description: 'The first 1,000 of each kind; all are counted.' }),
    failure: z.string().nullable(),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'ReconcileReport' })
export type ReconcileReport = z.infer<typeof ReconcileReport>

export const ReconcileQuery = z.object({
  findings: z.enum(['all', 'none']).default('all').meta({ description: '`none` while only the progress is wanted.' }),
})
