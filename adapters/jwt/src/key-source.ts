import { type Clock, issuerUnavailable } from '@calotype/core'
import { importJWK } from 'jose'
import { fits, isObject, type PublicKey, toPublicKey } from './key-types.ts'
import { KEYS_FRESH_MS, KEYS_REFETCH_MS, KEYS_RETRY_MS, KEYS_STALE_MS, MAX_KEYS } from './limits.ts'

type VerifyKey = Awaited<ReturnType<typeof importJWK>>

/** The public keys of one issuer. */
export interface KeySource {
  /**
   * The key of this id if it fits the algorithm, else null. Rejects with `issuer_unavailable` when no keys are known that are young
   * enough and none can be had now.
   */
  find(keyId: string, algorithm: string): Promise<VerifyKey | null>
}

interface Known {
  keys: readonly PublicKey[]
  at: number
  /** By algorithm and key id: a key that is for several algorithms is another one for each. */
  imported: Map<string, Promise<VerifyKey | null>>
}

interface Config {
  /** Resolves with a JWKS document; may reject. */
  read(): Promise<unknown>
  clock: Clock
  /** Least time between two reads while there are keys to go on with. */
  refetchMs?: number
}

/**
 * Keeps an issuer's keys and asks for them again when they are old or a token names one that is not among them. While the issuer does
 * not answer, what is known goes on being used up to KEYS_STALE_MS.
 */
export function createKeySource(config: Config): KeySource {
  const keyring = createKeyring(config)
  return {
    async find(keyId, algorithm) {
      const known = await keyring.current()
      if (known.keys.some(key => key.kid === keyId)) return pick(known, keyId, algorithm)
      return pick(await keyring.renewed(), keyId, algorithm)
    },
  }
}

function createKeyring({ read, clock, refetchMs = KEYS_REFETCH_MS }: Config) {
  let known: Known | null = null
  let lastTry = Number.NEGATIVE_INFINITY
  let failure: unknown = null
  let reading: Promise<void> | null = null
  const now = () => clock.now().getTime()
  const age = () => (known ? now() - known.at : Number.POSITIVE_INFINITY)

  async function readKeys(): Promise<void> {
    try {
      known = { keys: keysOf(await read()), at: now(), imported: new Map() }
      failure = null
    } catch (error) {
      failure = error
    }
    reading = null
  }

  /** Starts a read, or joins the one that is under way; null when the last one is not long enough ago. */
  function tryRead(pauseMs: number): Promise<void> | null {
    if (reading) return reading
    if (now() - lastTry < pauseMs) return null
    lastTry = now()
    reading = readKeys()
    return reading
  }

  function usable(): Known {
    if (!known || age() >= KEYS_STALE_MS) throw issuerUnavailable(failure)
    return known
  }

  return {
    async current(): Promise<Known> {
      if (age() >= KEYS_STALE_MS) await tryRead(KEYS_RETRY_MS)
      else if (age() >= KEYS_FRESH_MS) {
        // An issuer that did not answer the last time holds nobody up as long as there are keys to go on with.
        const failing = failure !== null
        const attempt = tryRead(refetchMs)
        if (!failing) await attempt
      }
      return usable()
    },
    async renewed(): Promise<Known> {
      await tryRead(refetchMs)
      return usable()
    },
  }
}

/** Rejects what is no JWKS document, so that the keys known so far stay. */
function keysOf(document: unknown): readonly PublicKey[] {
  if (!isObject(document) || !Array.isArray(document.keys)) throw new Error('The issuer did not answer a key set')
  return document.keys.slice(0, MAX_KEYS).flatMap(entry => toPublicKey(entry) ?? [])
}

function pick(known: Known, keyId: string, algorithm: string): Promise<VerifyKey | null> {
  const key = known.keys.find(each => each.kid === keyId && fits(each, algorithm))
  if (!key) return Promise.resolve(null)
  const name = `${algorithm} ${keyId}`
  const ready = known.imported.get(name) ?? importJWK({ ...key.members, kty: key.kty }, algorithm).catch(() => null)
  known.imported.set(name, ready)
  return ready
}
