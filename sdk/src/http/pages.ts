interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** Everything of a list that is short by its nature, such as members or keys: page after page until there is none. */
export async function everyItem<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const { items, next_cursor } = await page(cursor)
    all.push(...items)
    cursor = next_cursor ?? undefined
  } while (cursor !== undefined)
  return all
}

/** The most that the server answers at once. */
export const LARGEST_PAGE = 200
