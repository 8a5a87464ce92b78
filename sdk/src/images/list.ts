import type { ImageList, ImageStatus } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface ListOptions {
  projectId?: string | undefined
  status?: ImageStatus | undefined
  /** Media type of the original. */
  type?: string | undefined
  camera?: string | undefined
  reference?: string | undefined
  /** Attributes of the first level that have these values, at most five. */
  attributes?: Record<string, string | number | boolean> | undefined
  from?: string | undefined
  to?: string | undefined
  /** Part of the file name. */
  q?: string | undefined
  /** Ready images that look like this one, the most similar first: one page, no other filter. */
  similarTo?: string | undefined
  /** With `similarTo`: how many of 64 bits may differ, 0–16. */
  distance?: number | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export function page(connection: Connection, options: ListOptions = {}): Promise<ImageList> {
  const { projectId, similarTo, signal, attributes, ...filters } = options
  const named = Object.entries(attributes ?? {}).map(([name, value]) => [`attributes[${name}]`, String(value)] as const)
  return connection.callFor<ImageList>({
    path: '/images',
    query: { project_id: projectId, similar_to: similarTo, ...filters, ...Object.fromEntries(named) },
    signal,
  })
}

/** Page after page, newest first, fetched as they are asked for. */
export async function* pages(connection: Connection, options: ListOptions = {}): AsyncGenerator<ImageList, void> {
  let cursor = options.cursor
  do {
    const next = await page(connection, { ...options, cursor })
    yield next
    cursor = next.next_cursor ?? undefined
  } while (cursor !== undefined)
}
