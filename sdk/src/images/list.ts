import type { ImageList, ImageStatus } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface ListOptions {
  projectId?: string | undefined
  status?: ImageStatus | undefined
  /** Media type of the original. */
  type?: string | undefined
  camera?: string | undefined
  reference?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** Part of the file name. */
  q?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export function page(connection: Connection, options: ListOptions = {}): Promise<ImageList> {
  const { projectId, signal, ...filters } = options
  return connection.callFor<ImageList>({ path: '/images', query: { project_id: projectId, ...filters }, signal })
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
