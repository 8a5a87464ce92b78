import type { Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { moveAnalysis } from './analysis.ts'
import type { Image } from './image.ts'

/** A relay that waits for its turn is the same relay. */
export const RELAY_KEY = 'pipeline.relay'

/**
 * Leaves the message to the detection pipeline, in the transaction that makes the image ready. Its types are those of the upload, else of
 * its project. No types, no message; and an image that was analysed once is not sent again because it is processed again.
 */
export async function requestAnalysis(tx: Stores, image: Image, by: { at: Date; requestId: string }): Promise<void> {
  const { status, types } = image.analysis
  if (status !== 'none' || types.length === 0) return
  const queued = await moveAnalysis(tx, image, 'queued', { at: by.at })
  if (!queued) return
  const { projectId, id: imageId, priority } = queued
  await tx.pipeline.add({ id: newId(), projectId, imageId, types, priority, at: by.at })
  await tx.jobs.enqueue('pipeline.relay', { requestId: by.requestId }, { key: RELAY_KEY })
}
