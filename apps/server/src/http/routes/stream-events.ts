import { ImageIdParams } from '@calotype/contract'
import { findProject, type StoredEvent } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const HEARTBEAT_MS = 15_000
/** A reader that does not drain this much is cut off; it resumes by `Last-Event-ID`. */
const MAX_BUFFERED_BYTES = 1024 * 1024
/** A credential that was revoked stops streaming within this time. */
const MAX_STREAM_MS = 60_000

const MAX_CURSOR_LENGTH = 64

const format = (event: StoredEvent): string =>
  `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event.payload)}\n\n`

/** `GET /projects/{id}/events`: server-sent events of a project, resumable by `Last-Event-ID`. */
export function streamEvents(app: App, deps: Deps): void {
  const schema = {
    summary: 'Live events of a project',
    description:
      '`text/event-stream` of `image.status`; the stream ends now and then, and clients resume by `Last-Event-ID`.',
    tags: ['events'],
    params: ImageIdParams,
    response: withProblems({}, [400, 403]),
  }
  app.get('/projects/:id/events', { schema }, async (request, reply) => {
    const { projects } = deps.database
    const project = await findProject({ projects }, contextOf(request), {
      projectId: request.params.id,
      action: 'image.read',
    })
    request.projectId = project.id
    const lastEventId = request.headers['last-event-id']
    const after = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId.slice(0, MAX_CURSOR_LENGTH) : null
    const early: string[] = []
    let write = (text: string) => void early.push(text)
    const subscription = deps.feed.subscribe(project.id, after, event => write(format(event)))
    try {
      await subscription.ready
    } catch (error) {
      subscription.unsubscribe()
      throw error
    }
    reply.hijack()
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write(`retry: 2000\n\n${early.join('')}`)
    write = text => {
      raw.write(text)
      if (raw.writableLength > MAX_BUFFERED_BYTES) raw.destroy()
    }
    const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
    const end = () => {
      subscription.unsubscribe()
      clearInterval(heartbeat)
      raw.end()
    }
    const limit = setTimeout(end, MAX_STREAM_MS)
    const { stopping } = deps
    stopping.addEventListener('abort', end, { once: true })
    raw.on('close', () => {
      clearInterval(heartbeat)
      clearTimeout(limit)
      stopping.removeEventListener('abort', end)
      subscription.unsubscribe()
    })
  })
}
