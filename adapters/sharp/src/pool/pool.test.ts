import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ImageProcessor } from '@calotype/core'
import { afterEach, describe, expect, it } from 'vitest'
import { createSharpImageProcessor, type SharpImageProcessorConfig } from '../sharp-image-processor.ts'
import { requestFor } from '../testing/drawings.ts'
import type { EngineLogEntry } from './log-entry.ts'

const workerProgram = new URL('../testing/misbehaving-worker.ts', import.meta.url)
const MEBIBYTE = 1024 * 1024

let open: ImageProcessor[] = []
afterEach(async () => {
  await Promise.all(open.map(processor => processor.close()))
  open = []
})

const start = (config: SharpImageProcessorConfig = {}): ImageProcessor => {
  const processor = createSharpImageProcessor({ processes: 2, workerProgram, closeGraceMs: 500, ...config })
  open.push(processor)
  return processor
}

const run = async (processor: ImageProcessor, behaviour: string) => processor.render(await requestFor(behaviour))

const becomesWhole = (processor: ImageProcessor): Promise<void> =>
  expect
    .poll(() => processor.health(), { timeout: 10_000 })
    .toMatchObject({ ok: true, processes: 2, busy: 0, queued: 0 })

describe('a pool of engine processes', () => {
  it.each([
    ['dies of a segmentation fault', 'segv', 'engine_crashed'],
    ['sleeps for ever', 'sleep', 'engine_timed_out'],
    ['computes for ever', 'compute', 'engine_timed_out'],
    ['allocates without end', 'allocate', 'engine_out_of_memory'],
    ['breaks the protocol', 'babble', 'engine_crashed'],
  ])('loses only the job whose process %s', async (_, behaviour, code) => {
    const processor = start({ timeLimitMs: 1_500, cpuLimitMs: 600, memoryLimitBytes: 256 * MEBIBYTE })
    const lost = expect(run(processor, behaviour)).rejects.toMatchObject({ kind: 'processing', code })
    const neighbours = await Promise.all(Array.from({ length: 8 }, () => run(processor, 'well')))
    expect(neighbours).toHaveLength(8)
    await lost
    await becomesWhole(processor)
    await run(processor, 'well')
  })

  it('refuses what exceeds the queue as overloaded, and nothing else', async () => {
    const processor = start({ processes: 1, maxQueued: 2 })
    await expect.poll(() => processor.health().processes, { timeout: 10_000 }).toBe(1)
    const requests = await Promise.all(Array.from({ length: 5 }, () => requestFor('well')))
    const outcomes = await Promise.allSettled(requests.map(request => processor.render(request)))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    expect(outcomes[4]).toMatchObject({ reason: { kind: 'overloaded', code: 'overloaded', details: { limit: 2 } } })
  })

  it('gives a large job more memory, one at a time, and lets small ones pass', async () => {
    const processor = start({ processes: 2 })
    await becomesWhole(processor)
    const ended: string[] = []
    const note = (name: string) => (result: { height: number }) => {
      ended.push(name)
      return result.height
    }
    const [first, second, small] = await Promise.all([
      run(processor, 'large').then(note('large')),
      run(processor, 'large').then(note('large')),
      run(processor, 'pid').then(note('small')),
    ])
    expect([first, second, small]).toEqual([1024 * MEBIBYTE, 1024 * MEBIBYTE, 512 * MEBIBYTE])
    expect(ended).toEqual(['small', 'large', 'large'])
  })

  it('retires a process after its jobs and starts another', async () => {
    const log: EngineLogEntry[] = []
    const processor = start({ processes: 1, jobsPerProcess: 2, log: entry => log.push(entry) })
    const pids: number[] = []
    for (let job = 0; job < 5; job++) pids.push((await run(processor, 'pid')).width)
    expect(new Set(pids).size).toBe(3)
    expect(pids[0]).toBe(pids[1])
    expect(log.filter(({ event }) => event === 'engine.retired')).toHaveLength(2)
    expect(log.filter(({ event }) => event === 'engine.gone')).toHaveLength(0)
  })

  it('gives waiting jobs back when no process can start', async () => {
    const processor = start({ processes: 1, workerProgram: new URL('../testing/no-such-worker.ts', import.meta.url) })
    await expect(run(processor, 'well')).rejects.toMatchObject({ code: 'engine_crashed' })
    expect(processor.health().ok).toBe(false)
  })

  it('lets running jobs end on close, gives waiting ones back, and takes no more', async () => {
    const processor = start({ processes: 1 })
    await expect.poll(() => processor.health().processes, { timeout: 10_000 }).toBe(1)
    const requests = await Promise.all([requestFor('well'), requestFor('well')])
    const running = requests.map(request => processor.render(request))
    const settled = Promise.allSettled(running)
    await processor.close()
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(run(processor, 'well')).rejects.toMatchObject({ code: 'overloaded' })
    expect(processor.health()).toMatchObject({ ok: false, processes: 0, busy: 0, queued: 0 })
  })

  it.runIf(process.platform === 'linux')('leaves no process behind when its parent is killed', async () => {
    const { source } = await requestFor('sleep')
    const program = fileURLToPath(new URL('../testing/abandoning-parent.ts', import.meta.url))
    const parent = spawn(process.execPath, [program, source], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout, 'data')
    const pid = Number.parseInt(String(line), 10)
    await pause(200)
    expect(existsSync(`/proc/${pid}`)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false)
  })
})
