import { type Actor, newId, type ProvenActor } from '@calotype/core'
import { createTestClock, testActor } from '@calotype/core/testing'
import { describe, expect, it } from 'vitest'
import { CREDENTIAL_LIFE_MS, createCredentialCache, MAX_CACHED_CREDENTIALS } from './credential-cache.ts'

function scene() {
  const clock = createTestClock()
  const known = new Map<string, ProvenActor>()
  const asked: string[] = []
  const uses: Actor[] = []
  let gate: Promise<void> = Promise.resolve()
  const cache = createCredentialCache({
    clock,
    onUse: actor => void uses.push(actor),
    find: async bearer => {
      asked.push(bearer)
      const found = known.get(bearer) ?? null
      await gate
      return found
    },
  })
  const add = (bearer: string, expiresAt: Date | null = null) => {
    const actor = testActor()
    known.set(bearer, { actor, expiresAt })
    return actor
  }
  /** Holds every answer back until it is called. */
  const hold = () => {
    let release = () => {}
    gate = new Promise(resolve => {
      release = resolve
    })
    return () => release()
  }
  return { clock, known, asked, uses, cache, add, hold }
}

const refused = { kind: 'unauthorized' }

describe('the cache of credentials', () => {
  it('asks once in a life, and tells of every use', async () => {
    const { clock, asked, uses, cache, add } = scene()
    const actor = add('key')
    for (let time = 0; time < 5; time++) expect(await cache.find('key')).toEqual(actor)
    clock.advance(CREDENTIAL_LIFE_MS - 1)
    await cache.find('key')
    expect([asked.length, uses.length]).toEqual([1, 6])
    clock.advance(1)
    await cache.find('key')
    expect(asked.length).toBe(2)
  })

  it('lives well below the minute that a revoked credential is given', () => {
    expect(CREDENTIAL_LIFE_MS).toBeLessThanOrEqual(5_000)
  })

  it('does not outlive the credential', async () => {
    const { clock, known, cache, add } = scene()
    add('key', new Date(clock.now().getTime() + 1_000))
    await cache.find('key')
    known.clear()
    clock.advance(999)
    await cache.find('key')
    clock.advance(1)
    await expect(cache.find('key')).rejects.toMatchObject(refused)
  })

  it('never remembers what is bad, nor what could not be judged', async () => {
    const { asked, uses, cache, add } = scene()
    for (let time = 0; time < 3; time++) await expect(cache.find('key')).rejects.toMatchObject(refused)
    expect([asked.length, uses.length]).toEqual([3, 0])
    add('key')
    await cache.find('key')
    const failing = createCredentialCache({
      clock: createTestClock(),
      onUse: () => {},
      find: () => Promise.reject(new Error('away')),
    })
    for (let time = 0; time < 2; time++) await expect(failing.find('key')).rejects.toThrow('away')
  })

  it('asks once for many who come at the same moment', async () => {
    const { asked, uses, cache, add, hold } = scene()
    add('key')
    const release = hold()
    const answers = Array.from({ length: 50 }, () => cache.find('key'))
    release()
    await Promise.all(answers)
    expect([asked.length, uses.length]).toEqual([1, 50])
  })

  it('forgets a key or a person at once, whatever they showed, and nobody else', async () => {
    const { known, asked, cache, add } = scene()
    const actor = add('key')
    known.set('token', { actor, expiresAt: null })
    add('other')
    for (const bearer of ['key', 'token', 'other']) await cache.find(bearer)
    known.clear()
    cache.forget(actor.id)
    for (const bearer of ['key', 'token']) await expect(cache.find(bearer)).rejects.toMatchObject(refused)
    await cache.find('other')
    expect(asked.length).toBe(5)
    cache.forget(newId())
    await cache.find('other')
    expect(asked.length).toBe(5)
  })

  it('takes no answer from before for one from after', async () => {
    const { known, cache, add, hold } = scene()
    const actor = add('key')
    const release = hold()
    const early = cache.find('key')
    known.clear()
    cache.forget(actor.id)
    const late = cache.find('key')
    release()
    expect(await early).toEqual(actor)
    await expect(late).rejects.toMatchObject(refused)
    await expect(cache.find('key')).rejects.toMatchObject(refused)
  })

  it('holds no more than its limit, and keeps who came last', async () => {
    const { asked, cache, known } = scene()
    const proven = { actor: testActor(), expiresAt: null }
    for (let index = 0; index <= MAX_CACHED_CREDENTIALS; index++) {
      known.set(`key ${index}`, proven)
      await cache.find(`key ${index}`)
    }
    const before = asked.length
    await cache.find(`key ${MAX_CACHED_CREDENTIALS}`)
    await cache.find('key 1')
    expect(asked.length).toBe(before)
    await cache.find('key 0')
    expect(asked.length).toBe(before + 1)
  })
})
