import type { Clock, ShareLink, ShareLinkStore, ShareView } from '@calotype/core'

const FLUSH_MS = 5_000
/** Links between two flushes; past it a flush comes early. */
export const MAX_PENDING_VIEWS = 1_000

export interface ShareViews {
  /** Counts one more view. */
  note(link: Pick<ShareLink, 'id' | 'projectId'>): void
  /** Writes what is pending and stops. */
  close(): Promise<void>
}

/** Gathers views and writes them together, behind the visitors' backs. What a killed process had not written is lost. */
export function createShareViews(deps: {
  shareLinks: Pick<ShareLinkStore, 'noteViews'>
  clock: Clock
  onError(error: unknown): void
}): ShareViews {
  let pending = new Map<string, ShareView>()
  const flush = async () => {
    if (pending.size === 0) return
    const views = [...pending.values()]
    pending = new Map()
    await deps.shareLinks.noteViews(views).catch(deps.onError)
  }
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()
  return {
    note({ id, projectId }) {
      const count = (pending.get(id)?.count ?? 0) + 1
      pending.set(id, { id, projectId, count, at: deps.clock.now() })
      if (pending.size >= MAX_PENDING_VIEWS) void flush()
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
