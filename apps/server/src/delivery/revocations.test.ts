import { newId, PROJECT_TOMBSTONE_MS } from '@calotype/core'
import { createMemoryDatabase, createTestClock, seedImage, seedProject } from '@calotype/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchRevocations } from './revocations.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

async function scene() {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const project = await seedProject(database)
  const watch = () => watchRevocations({ database, feed: database.feed, clock }, 600)
  const deleteProject = () => database.projects.markDeleted(project.id, clock.now())
  return { clock, database, project, watch, deleteProject }
}

it('refuses a deleted project within a minute, without an event and before its images are deleted', async () => {
  const { project, watch, deleteProject, database } = await scene()
  const image = await seedImage(database, project, { status: 'ready' })
  const revocations = await watch()
  expect(revocations.has(project.id, image.id)).toBe(false)
  await deleteProject()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(revocations.has(project.id, image.id)).toBe(true)
  expect(revocations.has(newId(), image.id)).toBe(false)
  revocations.close()
})

it('refuses it after a restart and when nothing of it is left, until no URL can live any more', async () => {
  const { clock, database, project, watch, deleteProject } = await scene()
  await deleteProject()
  await database.projects.remove(project.id, clock.now())
  const revocations = await watch()
  clock.advance(PROJECT_TOMBSTONE_MS)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(revocations.has(project.id, newId())).toBe(true)
  clock.advance(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(revocations.has(project.id, newId())).toBe(false)
  revocations.close()
})

it('refuses a deleted image at once, by its event', async () => {
  const { database, project, watch } = await scene()
  const revocations = await watch()
  const heard: string[] = []
  revocations.onChanged((_project, imageId) => heard.push(imageId))
  const imageId = newId()
  const event = { projectId: project.id, type: 'image.status' as const }
  await database.events.append({ ...event, payload: { image_id: imageId, status: 'deleted' } })
  await vi.waitFor(() => expect(heard).toEqual([imageId]))
  expect(revocations.has(project.id, imageId)).toBe(true)
  await database.events.append({ ...event, payload: { image_id: imageId, status: 'ready' } })
  await vi.waitFor(() => expect(revocations.has(project.id, imageId)).toBe(false))
  // Its files may be others now.
  expect(heard).toEqual([imageId, imageId])
  revocations.close()
})
