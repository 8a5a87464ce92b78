import { type Actor, type Clock, hashSecret, type ProvenActor, unauthorized } from '@calotype/core'

/** How long a bearer that was found good is taken for good without asking again: what other processes revoke ends within this. */
export const CREDENTIAL_LIFE_MS = 5_000
/** Bearers that are remembered at a time; the one remembered longest ago makes room. */
export const MAX_CACHED_CREDENTIALS = 10_000

/** Who is behind a bearer, without asking the database at every request. */
export interface CredentialCache {
  /** Rejects with `unauthorized`, or with what kept the bearer from being judged. */
  find(bearer: string): Promise<Actor>
  /** Everything that this key or person showed is judged anew from now on. To be called after the change is committed. */
  forget(actorId: string): void
}

interface Entry {
  actor: Actor
  until: number
}

/**
 * Remembers good bearers by their hash; bad ones never, or strangers could fill it. Requests that come while a bearer is being judged
 * wait for the same answer.
 */
export function createCredentialCache(deps: {
  find(bearer: string): Promise<ProvenActor | null>
  clock: Clock
  /** Told at every request that shows a good bearer. Must not throw. */
  onUse(actor: Actor): void
}): CredentialCache {
  const entries = new Map<string, Entry>()
  const asking = new Map<string, Promise<Actor>>()
  // Answers that were asked for before something was forgotten may be older than the change.
  let generation = 0

  function remember(hash: string, { actor, expiresAt }: ProvenActor): void {
    const life = deps.clock.now().getTime() + CREDENTIAL_LIFE_MS
    entries.delete(hash)
    entries.set(hash, { actor, until: Math.min(life, expiresAt?.getTime() ?? life) })
    if (entries.size <= MAX_CACHED_CREDENTIALS) return
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }

  async function ask(hash: string, bearer: string): Promise<Actor> {
    const begun = generation
    const proven = await deps.find(bearer)
    if (!proven) throw unauthorized()
    if (begun === generation) remember(hash, proven)
    return proven.actor
  }

  function askOnce(hash: string, bearer: string): Promise<Actor> {
    const known = asking.get(hash)
    if (known) return known
    entries.delete(hash)
    const answer = ask(hash, bearer).finally(() => {
      if (asking.get(hash) === answer) asking.delete(hash)
    })
    asking.set(hash, answer)
    return answer
  }

  return {
    async find(bearer) {
      const hash = hashSecret(bearer)
      const entry = entries.get(hash)
      const actor = entry && entry.until > deps.clock.now().getTime() ? entry.actor : await askOnce(hash, bearer)
      deps.onUse(actor)
      return actor
    },
    forget(actorId) {
      generation += 1
      asking.clear()
      for (const [hash, { actor }] of entries) if (actor.id === actorId) entries.delete(hash)
    },
  }
}
