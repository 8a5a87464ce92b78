import { notFound } from '../access/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { imageNotReady, invalidDistance } from './errors.ts'
import { getImage } from './get-image.ts'
import type { Image } from './image.ts'

export const DEFAULT_SIMILAR_DISTANCE = 8
/** Past this many of 64 bits, pictures that have nothing to do with each other are found. */
export const MAX_SIMILAR_DISTANCE = 16
/** The newest this many ready images of the project are compared. */
export const MAX_SIMILAR_SCAN = 100_000

/**
 * Ready images of the same project that look like this one, the most similar first; `distance` counts differing bits of the perceptual
 * hash. One list, no pages: the answer is for looking at, not for going through.
 */
export async function findSimilar(
  deps: { database: Database },
  ctx: Context,
  input: { imageId: string; projectId: string | null; distance: number; limit: number },
): Promise<readonly Image[]> {
  const { distance, limit } = input
  if (!Number.isInteger(distance) || distance < 0 || distance > MAX_SIMILAR_DISTANCE)
    throw invalidDistance(MAX_SIMILAR_DISTANCE, distance)
  const image = await getImage(deps, ctx, input)
  if (input.projectId !== null && input.projectId !== image.projectId) throw notFound()
  const { projectId, perceptualHash } = image
  if (image.status === 'deleted' || perceptualHash === null) throw imageNotReady(image.status)
  // The image itself is the most similar of all.
  const query = { projectId, perceptualHash, distance, scan: MAX_SIMILAR_SCAN, limit: limit + 1 }
  const found = await deps.database.images.findSimilar(query)
  return found.filter(other => other.id !== image.id).slice(0, limit)
}
