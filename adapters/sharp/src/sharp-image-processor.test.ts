import { expect, it } from 'vitest'
import { createSharpImageProcessor } from './index.ts'
import { drawScene, requestFor } from './testing/drawings.ts'

it('renders in a child process, refuses with the same errors, and tells what it took', async () => {
  const processor = createSharpImageProcessor({ processes: 1 })
  try {
    const result = await processor.render(await requestFor(await drawScene(300, 200).jpeg().toBuffer()))
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
