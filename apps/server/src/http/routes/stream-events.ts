import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { ImageIdParams } from '@calotype/contract'
import { findProject, type StoredEvent } from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf, identify } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const HEARTBEAT_MS = 15_000
/** A reader that does not drain this much is cut off; it resumes by `Last-Event-ID`. */
const MAX_BUFFERED_BYTES = 1024 * 1024
/** A stream ends after this, so that connections move on to newer processes. */
const MAX_STREAM_MS = 15 * 60_000
/** How long it may take to find out whether a reader may still read. */
const RECHECK_TIMEOUT_MS = 10_000
/** What a stream says, as a comment, before it ends because its reader may no longer read. */
const NO_LONGER = ': this credential may no longer read here\n\n'

const MAX_CURSOR_LENGTH = 64

const format = (event: StoredEvent): string =>
  `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event.payload)}\n\n`

/** `GET /projects/{id}/events`: server-sent events of a project, resumable by `Last-Event-ID`. */
export function streamEvents(app: App, deps: Deps): void {
  const { projects } = deps.database
  let open = 0
  deps.telemetry.meters.report('calotype_event_streams', () => [{ labels: {}, value: open }])
  const schema = {
    summary: 'Live events of a project',
    description:
      '`text/event-stream` of `image.status` and `analysis.updated`; the stream ends now and then, and clients resume by `Last-Event-ID`.',
    tags: ['events'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    response: withProblems({}, [400, 403]),
  }
  const enter = (request: FastifyRequest, projectId: string) =>
    findProject({ projects }, contextOf(request), { projectId, action: 'image.read' })

  app.get('/projects/:id/events', { schema }, async (request, reply) => {
    const project = await enter(request, request.params.id)
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
    const raw = begin(reply, early)
    open += 1
    raw.once('close', () => {
      open -= 1
    })
    write = text => {
      if (raw.writableEnded) return
      raw.write(text)
      if (raw.writableLength > MAX_BUFFERED_BYTES) raw.destroy()
    }
    const mayRead = async () => {
      request.actor = await identify(deps, request)
      await enter(request, project.id)
    }
    keepGoing(raw, deps, { mayRead, write: text => write(text), leave: () => subscription.unsubscribe() })
  })
}

/** Takes the answer over from the framework and sends what came before it was ready. */
function begin(reply: FastifyReply, early: readonly string[]): ServerResponse {
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write(`retry: 2000\n\n${early.join('')}`)
  return raw
}

interface Stream {
  /** Rejects when the reader may no longer read, or when that cannot be found out. */
  mayRead(): Promise<void>
  write(text: string): void
  leave(): void
}

/** Keeps the connection open until the reader leaves, may no longer read, or its time is up. */
function keepGoing(raw: ServerResponse, deps: Pick<Deps, 'stopping' | 'streamRecheckMs'>, stream: Stream): void {
  const { stopping } = deps
  const end = () => {
    stream.leave()
    raw.end()
  }
  const refuse = () => {
    stream.leave()
    if (!raw.writableEnded) raw.end(NO_LONGER)
  }
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS)
  const recheck = setInterval(() => void withinTime(stream.mayRead()).catch(refuse), deps.streamRecheckMs)
  const limit = setTimeout(end, MAX_STREAM_MS)
  stopping.addEventListener('abort', end, { once: true })
  raw.on('close', () => {
    clearInterval(heartbeat)
    clearInterval(recheck)
    clearTimeout(limit)
    stopping.removeEventListener('abort', end)
    stream.leave()
  })
}

/** A reader of whom it cannot be found out in time counts as one that may not read: they come again. */
async function withinTime(check: Promise<void>): Promise<void> {
  const settled = new AbortController()
  const late = pause(RECHECK_TIMEOUT_MS, undefined, { signal: settled.signal, ref: false }).then(() => {
    throw new Error('It could not be found out in time')
  })
  try {
    await Promise.race([check, late])
  } finally {
    late.catch(() => {})
    settled.abort()
  }
}
