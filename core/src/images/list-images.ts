import { findProject } from '../access/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import type { Image } from './image.ts'
import type { ImageQuery } from './image-store.ts'

const invalidCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This cursor is not one that a list answered.', { reason: 'cursor' })

/** A page of a project's images, newest first, with the cursor of the next one. */
export async function listImages(
  deps: { database: Database },
  ctx: Context,
  input: Omit<ImageQuery, 'projectId' | 'before'> & { projectId: string | null; cursor: string | null },
): Promise<{ items: readonly Image[]; nextCursor: string | null }> {
  const { projectId, cursor, ...filters } = input
  if (cursor !== null && !isId(cursor)) throw invalidCursor()
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId, action: 'image.read' })
  const found = await deps.database.images.list({
    ...filters,
    projectId: project.id,
    before: cursor,
    limit: filters.limit + 1,
  })
  const items = found.slice(0, filters.limit)
  return { items, nextCursor: found.length > filters.limit ? (items.at(-1)?.id ?? null) : null }
}
