import { type Clock, type Database, type EventFeed, PROJECT_TOMBSTONE_MS } from '@calotype/core'

/** The feed tells at once; this is for what it could not tell. Deleted images are refused within 60 s in any case. */
const REFRESH_MS = 30_000

/**
 * Images that were deleted while URLs signed for them can still be alive. Older URLs have expired by themselves, so the set stays small and
 * delivery needs no look-up in the database. Deleted projects are refused as a whole, long before the last of their images is gone.
 */
export interface Revocations {
  has(projectId: string, imageId: string): boolean
  /** Tells what has to be forgotten the moment an image is deleted, or its files are others. */
  onChanged(listener: (projectId: string, imageId: string) => void): void
  close(): void
}

export async function watchRevocations(
  deps: { database: Pick<Database, 'images' | 'projects'>; feed: EventFeed; clock: Clock },
  signedUrlSeconds: number,
): Promise<Revocations> {
  const listeners: Array<(projectId: string, imageId: string) => void> = []
  let revoked = new Set<string>()
  let projects = new Set<string>()
  // A URL lives for at most two windows.
  const reachMs = 2 * signedUrlSeconds * 1000 + REFRESH_MS
  const refresh = async () => {
    const now = deps.clock.now().getTime()
    projects = new Set(await deps.database.projects.findRevoked(new Date(now - PROJECT_TOMBSTONE_MS)))
    revoked = new Set(await deps.database.images.findDeletedSince(new Date(now - reachMs)))
  }
  const subscription = deps.feed.subscribeAll(event => {
    const { image_id, status } = event.payload
    const imageId = String(image_id)
    if (status === 'deleted') revoked.add(imageId)
    else revoked.delete(imageId)
    if (status !== 'deleted' && status !== 'ready') return
    for (const listener of listeners) listener(event.projectId, imageId)
  })
  await refresh()
  // A refresh that fails is repeated by the next one; the pool has logged why.
  const timer = setInterval(() => void refresh().catch(() => {}), REFRESH_MS)
  timer.unref()
  return {
    has: (projectId, imageId) => revoked.has(imageId) || projects.has(projectId),
    onChanged: listener => void listeners.push(listener),
    close() {
      clearInterval(timer)
      subscription.unsubscribe()
    },
  }
}
