// The program with routes beside its own that do the same SQL and nothing else: no credential, no checks, no limits.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '@calotype/core'
import { readConfig } from '../../../apps/server/src/config.ts'
import { createLogger } from '../../../apps/server/src/logger.ts'
import { compose, type Overrides } from '../../../apps/server/src/wiring/compose.ts'

const [dataDirectory = '.', port = '0'] = process.argv.slice(2)
const url = `http://127.0.0.1:${port}`
const config = readConfig({ ...process.env, DATA_DIR: dataDirectory, PORT: port })

const routes: NonNullable<Overrides['routes']> = (app, { database }) => {
  app.get('/bare/empty', async () => ({ status: 'ok' }))

  app.get<{ Params: { organization: string; id: string } }>('/bare/images/:organization/:id', async request =>
    database.images.find(request.params.organization, request.params.id),
  )

  app.post<{ Params: { organization: string }; Body: { file_name: string; file_size: number; mime_type: string } }>(
    '/bare/upload-url/:organization',
    async (request, reply) => {
      const project = await database.projects.findDefault(request.params.organization, null)
      if (!project) throw new Error('There is no project')
      const now = new Date()
      const image = await database.transaction(async tx => {
        const added = await tx.images.insert(
          {
            id: newId(),
            projectId: project.id,
            status: 'pending_upload',
            origin: 'upload',
            fileName: request.body.file_name,
            declaredType: request.body.mime_type,
            declaredSize: request.body.file_size,
            declaredSha256: null,
            sizeBytes: null,
            sha256: null,
            originalKey: null,
            uploadedBy: { kind: 'api_key', id: 'bare' },
            uploadedAt: null,
            uploadExpiresAt: now,
            priority: 'normal',
            alt: null,
            reference: null,
            attributes: {},
            analysis: { status: 'none', types: [], result: null, updatedAt: null },
          },
          now,
        )
        await tx.events.append({ projectId: project.id, type: 'image.status', payload: { image_id: added.id } })
        return added
      })
      return reply.code(201).send({ image_id: image.id })
    },
  )
}

const { app, close } = await compose(config, url, createLogger(config), { routes })
process.once('SIGTERM', () => void close().then(() => process.exit(0)))
await app.listen({ port: Number(port), host: '127.0.0.1' })
const key = (await readFile(path.join(dataDirectory, 'owner.key'), 'utf8')).trim()
process.send?.({ authorization: `Bearer ${key}` })
