import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Project } from '@calotype/core'
import { seedProject } from '@calotype/core/testing'
import { type OpenDatabase, openDatabase } from '@calotype/postgres'
import { startEmbeddedServer } from '@calotype/postgres/embedded'
import { fillDatabase, OBJECTS_PER_IMAGE, type Plan } from './plant.ts'

/** A real PostgreSQL with rows for so many objects. */
export async function withPlanted(
  size: { objects: number; differences: number },
  work: (scene: { opened: OpenDatabase; plan: Plan; project: Project }) => Promise<void>,
): Promise<void> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'calotype-reconcile-'))
  const server = await startEmbeddedServer({ dataDirectory, log: () => {} })
  const { socketDirectory: host, port, user, database } = server
  try {
    const connection = { host, port, user, database }
    const opened = await openDatabase({ connection, poolMax: 4, poolIdleSeconds: 10, onError: () => {} })
    try {
      const project = await seedProject(opened.database)
      const { differences } = size
      const plan = { projectId: project.id, images: Math.ceil(size.objects / OBJECTS_PER_IMAGE), differences }
      await fillDatabase(opened, plan)
      await work({ opened, plan, project })
    } finally {
      await opened.close()
    }
  } finally {
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}
