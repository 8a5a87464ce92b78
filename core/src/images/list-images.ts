import { findProject } from '../access/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import type { Image } from './image.ts'
import type { ImageQuery } from './image-store.ts'

const invalidCursor = (): DomainError =>
  new DomainError('invalid', 'invalid_cursor', 'This cursor is not one that a list answered.', { reason: 'cursor' })

/** Filters on attributes of one list. */
export const MAX_ATTRIBUTE_FILTERS = 5

const tooManyFilters = (): DomainError =>
  new DomainError(
    'invalid',
    'invalid_request',
    `A list takes at most ${MAX_ATTRIBUTE_FILTERS} filters on attributes.`,
    {
      limit: MAX_ATTRIBUTE_FILTERS,
      reason: 'attributes',
    },
  )

/** A query carries only text: it means itself, and the number or truth value that it spells. */
function meaningsOf(text: string): Array<string | number | boolean> {
  if (text === 'true' || text === 'false') return [text, text === 'true']
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? [text, Number(text)] : [text]
}

type ListInput = Omit<ImageQuery, 'projectId' | 'before' | 'attributes'> & {
  projectId: string | null
  cursor: string | null
  attributes: Readonly<Record<string, string>>
}

/** A page of a project's images, newest first, with the cursor of the next one. */
export async function listImages(
  deps: { database: Database },
  ctx: Context,
  input: ListInput,
): Promise<{ items: readonly Image[]; nextCursor: string | null }> {
  const { projectId, cursor, attributes, ...filters } = input
  if (cursor !== null && !isId(cursor)) throw invalidCursor()
  const wanted = Object.entries(attributes)
  if (wanted.length > MAX_ATTRIBUTE_FILTERS) throw tooManyFilters()
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId, action: 'image.read' })
  const found = await deps.database.images.list({
    ...filters,
    attributes: Object.fromEntries(wanted.map(([key, text]) => [key, meaningsOf(text)])),
    projectId: project.id,
    before: cursor,
    limit: filters.limit + 1,
  })
  const items = found.slice(0, filters.limit)
  return { items, nextCursor: found.length > filters.limit ? (items.at(-1)?.id ?? null) : null }
}
