import { newId } from '../ids.ts'

/** Ids that sort as they were made, above `after`; those of one millisecond do not by themselves. */
export function createOrderedIds(after = ''): () => string {
  let last = after
  return () => {
    let id = newId()
    while (id <= last) id = newId()
    last = id
    return id
  }
}
