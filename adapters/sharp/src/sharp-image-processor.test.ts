import { AsyncLocalStorage } from 'node:async_hooks'
import { RENDER_STEPS } from '@calotype/core'
import { expect, it } from 'vitest'
import { createSharpImageProcessor } from './index.ts'
import { drawScene, requestFor } from './testing/drawings.ts'

it('renders in a child process, refuses with the same errors, and tells what it took', async () => {
  const work = new AsyncLocalStorage<string>()
  const told: (string | undefined)[] = []
  const processor = createSharpImageProcessor({
    processes: 1,
    log: ({ event }) => void (event === 'engine.rendered' && told.push(work.getStore())),
  })
  try {
    const picture = await drawScene(300, 200).jpeg().toBuffer()
    const requests = [await requestFor(picture), await requestFor(picture)] as const
    // The second is started when the first ends: each is still told of as what asked for it.
    const [result] = await Promise.all([
      work.run('first', () => processor.render(requests[0])),
      work.run('second', () => processor.render(requests[1])),
    ])
    expect(told).toEqual(['first', 'second'])
    expect(result.steps.map(({ step }) => step)).toEqual(RENDER_STEPS)
    const times = result.steps.flatMap(({ startMs, endMs }) => [startMs, endMs])
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(result.variants).toHaveLength(6)
    expect(result.timings.cpu_ms).toBeGreaterThan(0)
    expect(result.timings.peak_rss_bytes).toBeGreaterThan(20 * 1024 * 1024)
    const refused = processor.render(await requestFor('GIF89a'))
    await expect(refused).rejects.toMatchObject({ name: 'DomainError', kind: 'content', code: 'corrupt_image' })
    expect(processor.health()).toMatchObject({ ok: true, processes: 1, busy: 0, queued: 0 })
  } finally {
    await processor.close()
  }
})
