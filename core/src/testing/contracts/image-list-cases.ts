import { expect, it } from 'vitest'
import type { Project } from '../../access/index.ts'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import type { ImageQuery } from '../../images/index.ts'
import { testMetadata } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const ALL: Omit<ImageQuery, 'projectId'> = {
  status: null,
  contentType: null,
  camera: null,
  reference: null,
  attributes: {},
  from: null,
  to: null,
  search: null,
  before: null,
  limit: 50,
}

export function imageListCases(db: () => Database): void {
  const ids = async (project: Project, query: Partial<ImageQuery> = {}) =>
    (await db().images.list({ ...ALL, projectId: project.id, ...query })).map(image => image.id)
  const ready = async (project: Project, fileName: string, camera: [make: string, model: string] | null) => {
    const [camera_make, camera_model] = camera ?? [null, null]
    const change = { contentType: 'image/jpeg', metadata: testMetadata({ camera_make, camera_model }) }
    return (await seedImage(db(), project, { status: 'ready', image: { fileName }, change })).id
  }

  it('lists one project, newest first, deleted images only when asked for', async () => {
    const [project, other] = [await seedProject(db()), await seedProject(db())]
    await seedImage(db(), other)
    const byStatus = new Map<string, string>()
    for (const status of ['pending_upload', 'uploaded', 'processing', 'ready', 'failed', 'deleted'] as const)
      byStatus.set(status, (await seedImage(db(), project, { status })).id)
    const { deleted, ...living } = Object.fromEntries(byStatus)
    expect(await ids(project)).toEqual(Object.values(living).sort().reverse())
    for (const status of ['pending_upload', 'ready', 'deleted'] as const)
      expect(await ids(project, { status })).toEqual([byStatus.get(status)])
    expect(deleted).toBeDefined()
  })

  it('pages without gaps or repetitions while images arrive', async () => {
    const project = await seedProject(db())
    const expected: string[] = []
    for (let index = 0; index < 7; index++) expected.push((await seedImage(db(), project)).id)
    expected.sort().reverse()
    const seen: string[] = []
    for (let before: string | null = null; ; ) {
      const page = await ids(project, { before, limit: 3 })
      seen.push(...page)
      if (page.length < 3) break
      before = page.at(-1) ?? null
      await seedImage(db(), project, { image: { id: `7${newId().slice(1)}` } })
    }
    expect(seen).toEqual(expected)
  })

  it('filters by part of the file name, every character of it meaning itself', async () => {
    const project = await seedProject(db())
    const percent = await ready(project, '100%_Roof.jpg', null)
    const plain = await ready(project, '100 roofs\\west.jpg', null)
    expect(await ids(project, { search: 'ROOF' })).toEqual([percent, plain].sort().reverse())
    expect(await ids(project, { search: '0%' })).toEqual([percent])
    expect(await ids(project, { search: '_roof' })).toEqual([percent])
    expect(await ids(project, { search: 's\\w' })).toEqual([plain])
    expect(await ids(project, { search: 'none' })).toEqual([])
  })

  it('filters by part of the camera’s make or model', async () => {
    const project = await seedProject(db())
    const canon = await ready(project, 'a.jpg', ['Canon', 'EOS R5'])
    const apple = await ready(project, 'b.jpg', ['Apple', 'iPhone 15'])
    await ready(project, 'c.jpg', null)
    expect(await ids(project, { camera: 'canon' })).toEqual([canon])
    expect(await ids(project, { camera: 'PHONE' })).toEqual([apple])
    expect(await ids(project, { camera: '%' })).toEqual([])
  })

  it('filters by type, by status and by both', async () => {
    const project = await seedProject(db())
    const jpeg = await ready(project, 'a.jpg', null)
    await seedImage(db(), project, { status: 'ready', change: { contentType: 'image/png' } })
    const refused = await seedImage(db(), project, { status: 'failed', change: { contentType: 'image/jpeg' } })
    expect(await ids(project, { contentType: 'image/jpeg' })).toEqual([jpeg, refused.id].sort().reverse())
    expect(await ids(project, { contentType: 'image/jpeg', status: 'ready' })).toEqual([jpeg])
    expect(await ids(project, { reference: 'none' })).toEqual([])
  })

  it('filters by time: from inclusive, to exclusive', async () => {
    const project = await seedProject(db())
    const day = (text: string) => new Date(`2026-01-${text}T00:00:00.000Z`)
    const made: Record<string, string> = {}
    for (const text of ['01', '02', '03']) made[text] = (await seedImage(db(), project, { at: day(text) })).id
    expect(await ids(project, { from: day('02') })).toEqual([made['02'], made['03']].sort().reverse())
    expect(await ids(project, { to: day('02') })).toEqual([made['01']])
    expect(await ids(project, { from: day('02'), to: day('03') })).toEqual([made['02']])
  })
}
