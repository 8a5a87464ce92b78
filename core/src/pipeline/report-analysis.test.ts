import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { deleteImage } from '../images/index.ts'
import { contextOf, createWorld, seedProject, upload } from '../testing/index.ts'
import {
  listMessages,
  MAX_RESULT_BYTES,
  MAX_RESULT_DEPTH,
  type ReportedStatus,
  reportAnalysis,
  resendMessage,
} from './index.ts'

const PAGE = { projectId: null, status: null, cursor: null, limit: 10 }

async function scene() {
  const world = await createWorld()
  const { image } = await upload(world, Buffer.from('a roof'), { fields: { detection_types: ['damage'] } })
  await world.runJobs()
  const pipeline = contextOf(world.project, { kind: 'service', scopes: ['analysis.write'] })
  const report = (status: ReportedStatus, result: unknown = null, ctx: Context = pipeline) =>
    reportAnalysis(world.deps, ctx, { imageId: image.id, status, result })
  const messages = async () => (await listMessages(world.deps, world.owner, PAGE)).items
  return { world, image, pipeline, report, messages }
}

describe('a report', () => {
  it('moves the analysis, with history and event, and acknowledges what waits', async () => {
    const { world, report, messages } = await scene()
    expect(await messages()).toMatchObject([{ status: 'waiting' }])
    const at = await report('processing')
    expect(at.analysis).toMatchObject({ status: 'processing', types: ['damage'], updatedAt: world.clock.now() })
    expect(await messages()).toMatchObject([{ status: 'delivered' }])
    const result = { boxes: [{ x: 0.5, label: 'Riß' }] }
    const done = await report('completed', result)
    expect(done.analysis).toMatchObject({ status: 'completed', result })
    const lines = done.history.map(({ detail }) => detail).filter(detail => detail?.startsWith('analysis'))
    expect(lines).toEqual(['analysis queued', 'analysis processing', 'analysis completed'])
    const events = world.memory.inspect().events.filter(({ type }) => type === 'analysis.updated')
    expect(events).toHaveLength(3)
    expect(JSON.stringify(events)).not.toContain('Riß')
  })

  it('changes nothing when it is repeated, in whatever order its keys are', async () => {
    const { world, report } = await scene()
    const done = await report('completed', { a: 1, b: { c: 2, d: 3 } })
    world.clock.advance(1_000)
    expect(await report('completed', { b: { d: 3, c: 2 }, a: 1 })).toEqual(done)
    expect(await report('completed')).toEqual(done)
    await expect(report('completed', { a: 2 })).rejects.toMatchObject({
      ...{ code: 'invalid_transition', details: { reason: 'result' } },
    })
  })

  it('is refused where the analysis cannot go', async () => {
    const { world, report, pipeline } = await scene()
    await report('failed', { reason: 'dark' })
    for (const status of ['processing', 'completed'] as const)
      await expect(report(status)).rejects.toMatchObject({ code: 'invalid_transition', kind: 'conflict' })
    const { image } = await upload(world, Buffer.from('without types'))
    const none = { imageId: image.id, status: 'completed' as const, result: null }
    await expect(reportAnalysis(world.deps, pipeline, none)).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('is for services with the scope alone, within their reach, about images that are there', async () => {
    const { world, image, report, pipeline } = await scene()
    const other = await seedProject(world.memory)
    const second = await seedProject(world.memory, { organizationId: world.project.organizationId, name: 'second' })
    const service = (project = world.project, more = {}) =>
      contextOf(project, { kind: 'service', scopes: ['analysis.write'], ...more })
    await expect(report('processing', null, world.owner)).rejects.toMatchObject({ code: 'forbidden' })
    for (const ctx of [service(other), service(world.project, { projectIds: [second.id] })])
      await expect(report('processing', null, ctx)).rejects.toMatchObject({ code: 'not_found' })
    const unscoped = service(world.project, { scopes: ['image.write'] })
    await expect(report('processing', null, unscoped)).rejects.toMatchObject({ code: 'forbidden' })
    const nothing = { imageId: newId(), status: 'processing' as const, result: null }
    await expect(reportAnalysis(world.deps, pipeline, nothing)).rejects.toMatchObject({ code: 'not_found' })
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await expect(report('processing')).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('settles one of two that come at the same moment', async () => {
    const { report } = await scene()
    const settled = await Promise.allSettled([report('completed', { by: 1 }), report('failed', { by: 2 })])
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a result', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

  it('may be as large and as deep as it may, and no more', async () => {
    const full = { text: 'é'.repeat((MAX_RESULT_BYTES - '{"text":""}'.length - 1) / 2) }
    expect((await (await scene()).report('completed', full)).analysis.result).toEqual(full)
    expect((await (await scene()).report('completed', nested(MAX_RESULT_DEPTH))).analysis.status).toBe('completed')
    const { report } = await scene()
    const over = { text: `${full.text}éé` }
    const refusal = { code: 'invalid_request', details: { reason: 'result' } }
    await expect(report('completed', over)).rejects.toMatchObject({ details: { limit: MAX_RESULT_BYTES } })
    await expect(report('completed', nested(MAX_RESULT_DEPTH + 1))).rejects.toMatchObject(refusal)
    await expect(report('completed', nested(5_000))).rejects.toMatchObject(refusal)
  })

  it('may hold nothing that a database cannot', async () => {
    const { report } = await scene()
    const bad = ['a\u0000', '\ud800', { 'a\u0000': 1 }, [{ '\udfff': 1 }], Number.POSITIVE_INFINITY]
    for (const result of bad)
      await expect(report('completed', result)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('sending again by hand', () => {
  it('begins the analysis anew, whatever came of it', async () => {
    const { world, report, messages } = await scene()
    for (const status of ['processing', 'completed', 'failed'] as const) {
      await report(status, status === 'processing' ? null : { old: status })
      const [message] = await messages()
      const again = await resendMessage(world.deps, world.owner, { messageId: message?.id ?? '' })
      expect(again).toMatchObject({ status: 'waiting', attempts: 0 })
      const image = await world.memory.images.load(world.project.id, again.imageId)
      expect(image?.analysis).toMatchObject({ status: 'queued', result: null })
    }
  })

  it('is for who manages the project', async () => {
    const { world, pipeline, messages } = await scene()
    const [message] = await messages()
    const resend = (ctx: Context) => resendMessage(world.deps, ctx, { messageId: message?.id ?? '' })
    await expect(resend(pipeline)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(resend(contextOf(await seedProject(world.memory)))).rejects.toMatchObject({ code: 'not_found' })
    await expect(resendMessage(world.deps, world.owner, { messageId: newId() })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

it('shows messages to managers and to the pipeline', async () => {
  const { world, pipeline } = await scene()
  const list = async (ctx: Context, more: { projectId?: string } = {}) =>
    (await listMessages(world.deps, ctx, { ...PAGE, ...more })).items.length
  const { id: projectId } = world.project
  const second = await seedProject(world.memory, { organizationId: world.project.organizationId, name: 'second' })
  expect([await list(pipeline), await list(pipeline, { projectId }), await list(world.owner)]).toEqual([1, 1, 1])
  const member = contextOf(world.project, { role: 'member' })
  for (const more of [{}, { projectId }]) await expect(list(member, more)).rejects.toMatchObject({ code: 'forbidden' })
  const bound = contextOf(world.project, { kind: 'service', scopes: ['analysis.write'], projectIds: [second.id] })
  expect(await list(bound)).toBe(0)
  await expect(list(bound, { projectId })).rejects.toMatchObject({ code: 'not_found' })
  await expect(list(world.owner, { projectId: newId() })).rejects.toMatchObject({ code: 'not_found' })
})
