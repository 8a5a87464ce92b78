import { isId } from '../ids.ts'
import { invalidListCursor } from './errors.ts'

export interface PageInput {
  cursor: string | null
  limit: number
}

export interface Page<T> {
  items: readonly T[]
  nextCursor: string | null
}

/** A page of what is listed by id, newest first: one more than asked for tells whether there is another. */
export async function readPage<T extends { id: string }>(
  input: PageInput,
  read: (query: { before: string | null; limit: number }) => Promise<readonly T[]>,
): Promise<Page<T>> {
  if (input.cursor !== null && !isId(input.cursor)) throw invalidListCursor()
  const found = await read({ before: input.cursor, limit: input.limit + 1 })
  const items = found.slice(0, input.limit)
  return { items, nextCursor: found.length > input.limit ? (items.at(-1)?.id ?? null) : null }
}
