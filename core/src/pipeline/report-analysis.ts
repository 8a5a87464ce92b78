import { authorize, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import {
  type AnalysisStatus,
  type Image,
  imageConflict,
  invalidTransition,
  moveAnalysis,
  resultDiffers,
} from '../images/index.ts'
import { checkResult } from './check-result.ts'

/** Somebody else may report at the same moment this often before a report gives up. */
const MAX_ROUNDS = 5

/** What a pipeline may say of an image; to queue is ours. */
export type ReportedStatus = Exclude<AnalysisStatus, 'none' | 'queued'>

/**
 * The pipeline says how far it is with an image. The same report again changes nothing. What waits for the pipeline about this image
 * counts as delivered. Rejects with `invalid_transition`, `invalid_request` for a result that cannot be stored, `forbidden`, `not_found`.
 */
export async function reportAnalysis(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: { imageId: string; status: ReportedStatus; result: unknown },
): Promise<Image> {
  const result = checkResult(input.result ?? null)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorize(ctx.actor, image.projectId, 'analysis.write')
    if (image.status === 'deleted') throw invalidTransition('deleted', 'changed')
    if (image.analysis.status === input.status) {
      if (result !== null && canonical(result) !== canonical(image.analysis.result)) throw resultDiffers(input.status)
      return image
    }
    const moved = await deps.database.transaction(async tx => {
      const at = deps.clock.now()
      const after = await moveAnalysis(tx, image, input.status, { at, result })
      if (after) await tx.pipeline.acknowledge({ projectId: image.projectId, imageId: image.id }, at)
      return after
    })
    if (moved) return moved
  }
  throw imageConflict()
}

/** JSON with its keys in one order: the database keeps none. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
