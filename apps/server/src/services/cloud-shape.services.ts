import type { Inspection } from '@calotype/postgres/testing'
import { type RedisServer, startRedisServer } from '@calotype/redis/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginUpload } from '../testing/begun-upload.ts'
import { type Cloud, type Program, startCloud } from '../testing/cloud.ts'
import { type Client, openClient, storageEvent } from '../testing/cloud-client.ts'
import { drawPng } from '../testing/draw-png.ts'

let cloud: Cloud
let redis: RedisServer
let client: Client
let inspection: Inspection
let programs: Program[] = []
const [apiA, apiB] = [() => urlOf(0), () => urlOf(1)]

const urlOf = (index: number): string => programs[index]?.url ?? 'not started'
const sendEvents = (...bodies: string[]) => cloud.queue.send(...bodies)

beforeAll(async () => {
  redis = await startRedisServer()
  cloud = await startCloud({ env: { REDIS_URL: redis.url } })
  const early = await cloud.run([], { ROLES: 'api' })
  expect([early.code, early.output]).toEqual([1, expect.stringContaining('main.ts init` once')])
  const prepared = await cloud.run(['init'])
  const key = /^Owner key, shown only now: (\S+)$/m.exec(prepared.output)?.[1] ?? ''
  expect([prepared.code, key]).toEqual([0, expect.stringMatching(/^cal_key_/)])
  client = openClient(key)
  programs = await Promise.all([
    ...[cloud.start('api-a', 'api'), cloud.start('api-b', 'api')],
    ...[cloud.start('worker-a', 'worker'), cloud.start('worker-b', 'worker')],
  ])
  inspection = await cloud.inspect()
}, 300_000)

afterAll(async () => {
  await inspection?.close()
  await cloud?.close()
  await redis?.close()
}, 60_000)

it('is prepared once, and says so', async () => {
  const again = await cloud.run(['init'])
  expect([again.code, again.output]).toEqual([0, expect.stringContaining('prepared already')])
  expect(again.output).not.toContain('cal_key_')
})

it('names the parts of each process', async () => {
  const parts = async (index: number) => {
    const { status, parts } = await (await fetch(`${urlOf(index)}/health`)).json()
    return [status, ...Object.keys(parts)]
  }
  expect(await parts(0)).toEqual(['ok', 'database', 'storage', 'events', 'cache'])
  expect(await parts(2)).toEqual([
    ...['ok', 'database', 'storage', 'events', 'queue', 'engine', 'storage_events', 'cache'],
  ])
  // A worker answers for itself and for nothing else.
  expect((await client.call(urlOf(2), '/me')).status).toBe(404)
})

it('brings an upload from one process to the streams and URLs of another', async () => {
  const { default_project } = await client.json(apiB(), '/me')
  const leave = new AbortController()
  const stream = await client.call(apiB(), `/projects/${default_project.id}/events`, { signal: leave.signal })
  let heard = ''
  const write = (text: string) => {
    heard += text
  }
  const listening = stream.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write }), { signal: leave.signal })
  const id = await client.put(apiA(), 1)
  expect((await client.load(apiB(), id)).status).toBe('pending_upload')
  await sendEvents(storageEvent(id))
  await client.untilReady(apiB(), id)
  await expect.poll(() => heard, { timeout: 60_000 }).toMatch(new RegExp(`"ready"[^\n]*${id}`))
  leave.abort()
  await listening?.catch(() => {})

  const path = `/images/${id}/signed-url?variant=thumb`
  const [one, two] = await Promise.all([client.json(apiA(), path), client.json(apiB(), path)])
  expect(one.download_url).toBe(two.download_url)
  const at = (base: string) => fetch(`${base}${String(one.download_url).slice(cloud.publicUrl.length)}`)
  for (const base of [apiA(), apiB()]) {
    const picture = await at(base)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    await picture.arrayBuffer()
  }
  expect((await client.call(apiA(), `/images/${id}`, { method: 'DELETE' })).ok).toBe(true)
  for (const base of [apiA(), apiB()])
    await expect.poll(async () => (await at(base)).status, { timeout: 60_000 }).toBeGreaterThanOrEqual(403)
})

it('comes to the same state by events that are doubled, late, shuffled, foreign or lost', async () => {
  const ids: string[] = []
  for (let seed = 10; seed < 22; seed++) ids.push(await client.put(seed % 2 ? apiA() : apiB(), seed))
  const lost = ids.filter((_, index) => index % 4 === 3)
  const told = ids.filter(id => !lost.includes(id))
  const events = [...told, ...told.slice(0, 5), ...told.slice(2, 7)].reverse().map(id => storageEvent(id))
  const foreign = [storageEvent(told[0] ?? '', 'another-bucket'), storageEvent('01ARZ3NDEKTSV4RRFFQ69G5FAV'), 'no json']
  await sendEvents(...foreign, ...events)
  for (const id of told) await client.untilReady(apiA(), id)
  // Late ones change nothing any more.
  await sendEvents(storageEvent(told[1] ?? ''), storageEvent(told[2] ?? ''))
  // As the schedule does every five minutes, perhaps at this very moment.
  await inspection.query(`select graphile_worker.add_job('care.sweep', '{}', job_key => 'care.sweep')`)
  for (const id of lost) {
    await client.untilReady(apiB(), id)
    const { history } = await client.load(apiB(), id)
    expect(history.map(({ detail }) => detail)).toContain('found by the sweep')
  }
  for (const id of ids) {
    const { variants, history } = await client.load(apiA(), id)
    const names = variants.map(({ name, format }) => `${name}.${format}`)
    expect([new Set(names).size, history.filter(({ status }) => status === 'uploaded').length]).toEqual([
      names.length,
      1,
    ])
  }
  await expect.poll(() => cloud.queue.count(), { timeout: 60_000 }).toBe(0)
})

it('goes on without Redis when it dies in the middle, and with it again afterwards', async () => {
  const { default_project } = await client.json(apiA(), '/me')
  const seen = await client.put(apiA(), 50)
  await sendEvents(storageEvent(seen))
  await client.untilReady(apiA(), seen)
  const cache = async (base: string) => (await (await fetch(`${base}/health`)).json()).parts.cache.status
  for (const step of ['dead', 'alive'] as const) {
    if (step === 'dead') await redis.signal('SIGKILL')
    else await redis.start()
    const state = step === 'dead' ? 'down' : 'ok'
    for (const base of [apiA(), apiB()]) {
      await expect
        .poll(() => client.load(base, seen).then(() => cache(base)), { timeout: 30_000, interval: 200 })
        .toBe(state)
      expect((await fetch(`${base}/health`)).status).toBe(200)
      await client.json(base, `/images?project_id=${default_project.id}`)
    }
    const id = await client.put(apiB(), step === 'dead' ? 51 : 52)
    expect((await client.load(apiA(), id)).status).toBe('pending_upload')
    await sendEvents(storageEvent(id))
    await client.untilReady(apiA(), id, 60_000)
    expect((await client.load(apiB(), id)).status).toBe('ready')
  }
}, 180_000)

it('stops under load: a request that has begun is answered, a job that has begun is done or given back', async () => {
  const [api, worker] = await Promise.all([cloud.start('api-c', 'api'), cloud.start('worker-c', 'worker')])
  const authorization = `Bearer ${client.key}`
  const begun = await Promise.all(
    Array.from({ length: 6 }, (_, at) => beginUpload(api.url, { authorization, bytes: drawPng(100 + at, 200) })),
  )
  const ended = api.signal('SIGTERM')
  await expect
    .poll(
      () =>
        fetch(api.url).then(
          () => 'open',
          () => 'closed',
        ),
      { timeout: 30_000 },
    )
    .toBe('closed')
  const answers = await Promise.all(begun.map(upload => upload.finish()))
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202))
  expect(await ended).toBe(0)

  const ids = await Promise.all(Array.from({ length: 30 }, (_, at) => client.put(apiA(), 200 + at)))
  await sendEvents(...ids.map(id => storageEvent(id)))
  await expect.poll(() => worker.output().includes('"msg":"job"'), { timeout: 60_000 }).toBe(true)
  expect(await worker.signal('SIGTERM')).toBe(0)
  expect(worker.output()).not.toContain('stopped with errors')
  for (const id of [...ids, ...answers.map(answer => answer.id)]) {
    await client.untilReady(apiB(), id, 120_000)
    const { history } = await client.load(apiB(), id)
    expect(history.filter(({ status }) => status === 'ready')).toHaveLength(1)
  }
}, 300_000)

it('stops each process on request, and leaves nothing under way', async () => {
  const id = await client.put(apiA(), 40)
  await sendEvents(storageEvent(id))
  const codes = await Promise.all(programs.map(program => program.signal('SIGTERM')))
  expect(codes).toEqual([0, 0, 0, 0])
  const dump = await inspection.dump()
  const jobs = dump.get('graphile_worker._private_jobs') ?? []
  expect(jobs.filter(row => !row.includes('"locked_by": null'))).toEqual([])
  for (const { output } of programs) expect(output()).not.toContain('stopped with errors')
}, 60_000)
