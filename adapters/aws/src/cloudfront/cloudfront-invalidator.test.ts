import { afterEach, describe, expect, it } from 'vitest'
import { type Answer, answer, cut, type ScriptedServer, startScriptedServer } from '../testing/scripted-server.ts'
import { createCloudFrontInvalidator, INVALIDATION_BATCH, MAX_INVALIDATION_PATHS } from './cloudfront-invalidator.ts'

const xml = { 'content-type': 'text/xml' }
const made = answer(201, '<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>', xml)
const busy = answer(
  400,
  '<ErrorResponse><Error><Type>Sender</Type><Code>TooManyInvalidationsInProgress</Code><Message>busy</Message></Error></ErrorResponse>',
  xml,
)
const refused = answer(
  403,
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
  xml,
)

let server: ScriptedServer
afterEach(() => server.close())
async function open(...script: Answer[]) {
  server = await startScriptedServer(...script)
  const waits: number[] = []
  const invalidator = createCloudFrontInvalidator({
    ...{ region: 'us-east-1', endpoint: server.endpoint, distributionId: 'E1' },
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    sleep: async milliseconds => void waits.push(milliseconds),
  })
  return { invalidator, waits }
}
const heardPaths = () =>
  server.heard.map(({ body }) => [...body.toString().matchAll(/<Path>(.*?)<\/Path>/g)].map(([, path]) => path))
const references = () => server.heard.map(({ body }) => /<CallerReference>(.*?)</.exec(body.toString())?.[1])

describe('invalidation', () => {
  it('sends each path once, under the reference of the job', async () => {
    const { invalidator } = await open(made)
    const paths = ['public/p/i/*', '/public/p/i/*', 'public/p/j/r1/full.avif']
    expect(await invalidator.invalidate(paths, 'job-1')).toBe(3)
    expect(heardPaths()).toEqual([['/public/p/i/*', '/public/p/j/r1/full', '/public/p/j/r1/full.avif']])
    expect(references()).toEqual(['job-1-0'])
    expect(server.heard[0]?.url).toContain('/distribution/E1/invalidation')
  })

  it('goes in batches, the same ones when it is repeated', async () => {
    const { invalidator } = await open(made)
    const paths = Array.from({ length: INVALIDATION_BATCH + 3 }, (_, index) => `public/p/${index}`)
    await invalidator.invalidate(paths, 'job-2')
    await invalidator.invalidate([...paths].reverse(), 'job-2')
    const [first, second, ...again] = heardPaths()
    expect([first?.length, second?.length]).toEqual([INVALIDATION_BATCH, 3])
    expect(again).toEqual([first, second])
    expect(references()).toEqual(['job-2-0', 'job-2-1000', 'job-2-0', 'job-2-1000'])
  })

  it('sends nothing for nothing, nothing odd, and not too much', async () => {
    const { invalidator } = await open(made)
    expect(await invalidator.invalidate([], 'job')).toBe(0)
    const many = Array.from({ length: MAX_INVALIDATION_PATHS + 1 }, (_, index) => `public/${index}`)
    await expect(invalidator.invalidate(many, 'job')).rejects.toThrow(/at most/)
    for (const path of ['', '*x', 'a/*/b', 'a b', 'ü', 'a\n', 'x'.repeat(5_000)])
      await expect(invalidator.invalidate(['public/a', path], 'job')).rejects.toThrow(/no object key/)
    expect(server.heard).toHaveLength(0)
  })

  it('waits while too many are under way, and leaves the rest to the next run of the job', async () => {
    const patient = await open(busy, busy, made)
    expect(await patient.invalidator.invalidate(['public/a'], 'job')).toBe(1)
    expect(patient.waits).toEqual([5_000, 5_000])
    await server.close()
    const hopeless = await open(busy)
    await expect(hopeless.invalidator.invalidate(['public/a'], 'job')).rejects.toMatchObject({
      ...{ kind: 'storage', code: 'cdn_unavailable' },
    })
    await server.close()
    const { invalidator } = await open(cut)
    await expect(invalidator.invalidate(['public/a'], 'job')).rejects.toMatchObject({ kind: 'network' })
    await server.close()
    const forbidden = await open(refused)
    await expect(forbidden.invalidator.invalidate(['public/a'], 'job')).rejects.toMatchObject({
      ...{ kind: 'storage', cause: { name: 'AccessDenied' } },
    })
    expect(forbidden.waits).toEqual([])
  })
})
