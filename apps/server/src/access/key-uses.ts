import type { Actor, ApiKeyUse, Clock, CredentialStore } from '@calotype/core'

const FLUSH_MS = 5_000
/** Keys between two flushes; past it a flush comes early. */
export const MAX_PENDING_USES = 1_000

export interface KeyUses {
  /** Remembers that a key was used now; people are passed over. */
  note(actor: Actor): void
  /** Writes what is pending and stops. */
  close(): Promise<void>
}

/** Gathers the last uses of keys and writes them behind the requests' backs. What a killed process had not written is lost. */
export function createKeyUses(deps: {
  credentials: Pick<CredentialStore, 'noteApiKeyUses'>
  clock: Clock
  onError(error: unknown): void
}): KeyUses {
  let pending = new Map<string, ApiKeyUse>()
  const flush = async () => {
    if (pending.size === 0) return
    const uses = [...pending.values()]
    pending = new Map()
    await deps.credentials.noteApiKeyUses(uses).catch(deps.onError)
  }
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()
  return {
    note({ kind, id, organizationId }) {
      if (kind === 'user') return
      pending.set(id, { id, organizationId, at: deps.clock.now() })
      if (pending.size >= MAX_PENDING_USES) void flush()
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
