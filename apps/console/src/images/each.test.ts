import { expect, test } from 'vitest'
import { each } from './each.ts'

test('each is done once, a few at a time, and a failure does not hold up the others', async () => {
  const seen: number[] = []
  let running = 0
  let most = 0
  const all = Array.from({ length: 20 }, (_, index) => index)
  const { done, failures } = await each(all, async one => {
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    seen.push(one)
    if (one % 10 === 3) throw new Error(`no ${one}`)
  })
  expect(seen.sort((a, b) => a - b)).toEqual(all)
  expect(done).toBe(18)
  expect(failures.map(String)).toEqual(['Error: no 3', 'Error: no 13'])
  expect(most).toBe(4)
})

test('of nothing there is nothing to do', async () => {
  expect(await each([], () => Promise.reject(new Error('never')))).toEqual({ done: 0, failures: [] })
})
