import { describe, expect, it } from 'vitest'
import { coalesce, MAX_COALESCED } from './coalesce.ts'

function scene() {
  const loads: string[][] = []
  const pending: (() => void)[] = []
  const ask = coalesce(async (keys: readonly string[]) => {
    loads.push([...keys])
    await new Promise<void>(resolve => pending.push(resolve))
    if (keys.includes('bad')) throw new Error('the load failed')
    return keys.map(key => (key === 'nobody' ? null : { key }))
  })
  const settle = async () => {
    pending.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { ask, loads, settle }
}

describe('coalesce', () => {
  it('asks at once for the first, and once for all who came meanwhile', async () => {
    const { ask, loads, settle } = scene()
    const answers = ['a', 'b', 'nobody', 'b'].map(key => ask(key))
    expect(loads).toEqual([['a']])
    await settle()
    expect(loads).toEqual([['a'], ['b', 'nobody', 'b']])
    await settle()
    expect(await Promise.all(answers)).toEqual([{ key: 'a' }, { key: 'b' }, null, { key: 'b' }])
  })

  it('never answers from a load that began before it was asked', async () => {
    const { ask, loads, settle } = scene()
    const early = ask('a')
    const late = ask('a')
    await settle()
    expect(await early).toEqual({ key: 'a' })
    expect(loads).toEqual([['a'], ['a']])
    await settle()
    expect(await late).toEqual({ key: 'a' })
  })

  it(`asks for at most ${MAX_COALESCED} keys at once`, async () => {
    const { ask, loads, settle } = scene()
    const answers = Array.from({ length: MAX_COALESCED + 3 }, (_, index) => ask(String(index)))
    for (let round = 0; round < 3; round++) await settle()
    await Promise.all(answers)
    expect(loads.map(keys => keys.length)).toEqual([1, MAX_COALESCED, 2])
  })

  it('rejects those whose load failed, and goes on', async () => {
    const { ask, settle } = scene()
    const [first, failing] = [ask('a'), ask('bad')]
    const caught = failing.catch((error: unknown) => error)
    await settle()
    await settle()
    expect(await first).toEqual({ key: 'a' })
    expect(await caught).toMatchObject({ message: 'the load failed' })
    const after = ask('c')
    await settle()
    expect(await after).toEqual({ key: 'c' })
  })

  it('refuses a load that leaves somebody without an answer', async () => {
    const ask = coalesce<string, null>(async () => [])
    await expect(ask('a')).rejects.toThrow('fewer values')
  })
})
