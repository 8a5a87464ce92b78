import { expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import { seedImage, seedProject } from '../seed.ts'

export function imageLocateCases(db: () => Database): void {
  it('tells where images are, whatever their project and status, and nothing of others', async () => {
    const [project, other] = [await seedProject(db()), await seedProject(db())]
    const pending = await seedImage(db(), project, { status: 'pending_upload' })
    const deleted = await seedImage(db(), other, { status: 'deleted' })
    await seedImage(db(), project, { status: 'ready' })
    const found = await db().images.locate([pending.id, newId(), deleted.id, pending.id])
    expect([...found].sort((left, right) => (left.imageId < right.imageId ? -1 : 1))).toEqual(
      [
        { projectId: project.id, imageId: pending.id, status: 'pending_upload' },
        { projectId: other.id, imageId: deleted.id, status: 'deleted' },
      ].sort((left, right) => (left.imageId < right.imageId ? -1 : 1)),
    )
    expect(await db().images.locate([])).toEqual([])
  })
}
