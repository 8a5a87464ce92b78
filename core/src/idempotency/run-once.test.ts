import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { createWorld, sampleBytes, upload, type World } from '../testing/index.ts'
import { checkKey, KEY_LIFE_MS, LEASE_MS, MAX_KEY_LENGTH, runOnce, settleOnce } from './run-once.ts'

const keyed = (world: World, key = 'key-1', ctx = world.owner): Context => ({ ...ctx, once: { route: 'POST /x', key } })

/** A creation that settles its number of the run. */
function counter(world: World) {
  let runs = 0
  const run = async (ctx: Context) => {
    const made = ++runs
    await world.memory.transaction(tx => settleOnce(tx, ctx, { made }))
    return { made, secret: 'shown once' }
  }
  const repeat = async (result: unknown) => ({ repeated: result })
  return {
    once: (ctx: Context, request: unknown = 'request') => runOnce(world.deps, ctx, request, { run, repeat }),
    runs: () => runs,
  }
}

describe('once by a key', () => {
  it('runs once, and answers what came of it for a day', async () => {
    const world = await createWorld()
    const { once } = counter(world)
    expect(await once(keyed(world))).toEqual({ made: 1, secret: 'shown once' })
    world.clock.advance(KEY_LIFE_MS - 1)
    expect(await once(keyed(world))).toEqual({ repeated: { made: 1 } })
    world.clock.advance(1)
    expect(await once(keyed(world))).toMatchObject({ made: 2 })
    expect(await once(world.owner)).toMatchObject({ made: 3 })
  })

  it('refuses another request under the same key, of the same principal and route alone', async () => {
    const world = await createWorld()
    const { once } = counter(world)
    await once(keyed(world))
    const reused = { kind: 'conflict', code: 'idempotency_key_reused' }
    await expect(once(keyed(world), 'another request')).rejects.toMatchObject(reused)
    const other = { ...world.owner, actor: { ...world.owner.actor, id: 'somebody else' } }
    expect(await once(keyed(world, 'key-1', other), 'another request')).toMatchObject({ made: 2 })
    expect(await once({ ...world.owner, once: { route: 'POST /y', key: 'key-1' } }, 'z')).toMatchObject({ made: 3 })
  })

  it('tells that it is running, and lets the next one run when the first was killed', async () => {
    const world = await createWorld()
    const { once } = counter(world)
    const never = { run: () => new Promise<object>(() => {}), repeat: async () => ({}) }
    void runOnce(world.deps, keyed(world), 'request', never)
    await Promise.resolve()
    await expect(once(keyed(world))).rejects.toMatchObject({ kind: 'conflict', code: 'conflict' })
    world.clock.advance(LEASE_MS)
    expect(await once(keyed(world))).toMatchObject({ made: 1 })
  })

  it('undoes what a run made that had lost its key meanwhile', async () => {
    const world = await createWorld()
    const { once } = counter(world)
    const slow = runOnce(world.deps, keyed(world), 'request', {
      run: async ctx => {
        world.clock.advance(LEASE_MS)
        await once(keyed(world))
        await world.memory.transaction(async tx => {
          await tx.jobs.enqueue('care.sweep', { requestId: 'slow' })
          await settleOnce(tx, ctx, { made: 'too late' })
        })
        return {}
      },
      repeat: async () => ({}),
    })
    await expect(slow).rejects.toMatchObject({ code: 'conflict' })
    expect(world.memory.queue.list()).toEqual([])
    expect(await once(keyed(world))).toEqual({ repeated: { made: 1 } })
  })

  it('gives the key back when nothing came of it', async () => {
    const world = await createWorld()
    const { once } = counter(world)
    const failing = { run: () => Promise.reject(new Error('no')), repeat: async () => ({}) }
    await expect(runOnce(world.deps, keyed(world), 'request', failing)).rejects.toThrow('no')
    expect(
      await runOnce(world.deps, keyed(world), 'other', {
        run: async () => 'nothing to settle',
        repeat: async () => '',
      }),
    ).toBe('nothing to settle')
    expect(await once(keyed(world), 'a third')).toMatchObject({ made: 1 })
  })

  it('takes keys of 1 to 255 visible ASCII characters', () => {
    for (const key of ['a', '~!"\\', 'x'.repeat(MAX_KEY_LENGTH)]) expect(checkKey(key)).toBe(key)
    for (const key of ['', ' ', 'a b', 'é', 'a\n', '\u007f', 'x'.repeat(MAX_KEY_LENGTH + 1)])
      expect(() => checkKey(key)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'invalid_request' }))
  })
})

describe('an upload by a key', () => {
  it('is the same image again, its bytes stored once; other bytes or fields are refused', async () => {
    const world = await createWorld()
    const ctx = keyed(world)
    const bytes = sampleBytes(900)
    const first = await upload(world, bytes, {}, ctx)
    expect(await upload(world, bytes, {}, ctx)).toMatchObject({ duplicate: false, image: { id: first.image.id } })
    for (const again of [
      () => upload(world, sampleBytes(901), {}, ctx),
      () => upload(world, bytes, { fields: { alt: 'A roof' } }, ctx),
      () => upload(world, bytes, { file: { fileName: 'other.jpg' } }, ctx),
    ])
      await expect(again()).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(world.memory.inspect().images.size).toBe(1)
    expect(world.blobs.keys()).toEqual([`uploads/${first.image.id}`])
  })
})
