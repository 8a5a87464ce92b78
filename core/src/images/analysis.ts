import type { Stores } from '../database.ts'
import { queueWebhooks } from '../webhooks/index.ts'
import { impossibleAnalysis } from './analysis-errors.ts'
import type { Image } from './image.ts'

export type AnalysisStatus = Image['analysis']['status']

/**
 * The life of an image's analysis, and nothing else: we queue it, the pipeline reports it, and a message that is sent again by hand begins
 * anew, even one that a pipeline took up and never ended.
 */
export const ANALYSIS_TRANSITIONS: Record<AnalysisStatus, readonly AnalysisStatus[]> = {
  none: ['queued'],
  queued: ['processing', 'completed', 'failed'],
  processing: ['completed', 'failed', 'queued'],
  completed: ['queued'],
  failed: ['queued'],
}

export const canMoveAnalysis = (from: AnalysisStatus, to: AnalysisStatus): boolean =>
  ANALYSIS_TRANSITIONS[from].includes(to)

/**
 * The one way `analysis` moves: by its table and compare-and-set, with a history line, an event and webhooks in the same transaction.
 * Null when somebody else was faster. Rejects with `invalid_transition`.
 */
export async function moveAnalysis(
  tx: Stores,
  image: Image,
  to: AnalysisStatus,
  how: { at: Date; result?: unknown },
): Promise<Image | null> {
  const { status: from, types } = image.analysis
  if (!canMoveAnalysis(from, to)) throw impossibleAnalysis(from, to)
  const analysis = { status: to, types, result: how.result ?? null, updatedAt: how.at }
  const key = { projectId: image.projectId, imageId: image.id }
  const moved = await tx.images.moveAnalysis({ ...key, from, to: analysis, detail: `analysis ${to}` })
  if (!moved) return null
  await tx.events.append({
    projectId: moved.projectId,
    type: 'analysis.updated',
    payload: {
      image_id: moved.id,
      project_id: moved.projectId,
      analysis: { status: to, types, updated_at: how.at.toISOString() },
      at: how.at.toISOString(),
    },
  })
  await queueWebhooks(tx, [{ image: moved, event: 'analysis.updated', at: how.at }])
  return moved
}
