import { type Database, defaultProjectSettings, type NewImage, newId } from '@calotype/core'
import type { Log } from '../log.ts'

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** An organisation with one project. */
export async function addProject(database: Database): Promise<{ organizationId: string; projectId: string }> {
  const organizationId = newId()
  const projectId = newId()
  await database.installation.addOrganization({ id: organizationId, name: 'Test' })
  await database.installation.addProject({
    id: projectId,
    organizationId,
    name: 'default',
    settings: defaultProjectSettings(),
  })
  return { organizationId, projectId }
}

export const newImage = (projectId: string, change: Partial<NewImage> = {}): NewImage => ({
  id: newId(),
  projectId,
  status: 'uploaded',
  origin: 'upload',
  fileName: 'photo.jpg',
  declaredType: 'image/jpeg',
  declaredSize: null,
  declaredSha256: null,
  sizeBytes: 1_000,
  sha256: null,
  originalKey: null,
  uploadedBy: { kind: 'user', id: 'somebody' },
  uploadedAt: new Date(),
  uploadExpiresAt: null,
  priority: 'normal',
  analysis: { status: 'none', types: [], result: null, updatedAt: null },
  ...change,
})

/** Waits until this holds, looking often. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`This did not come true within ${withinMs} ms: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
