import { ImageStatusEvent, Me } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { call, problemOf, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import type { Target } from '../target.ts'

interface Received {
  id: string
  event: ImageStatusEvent
}

/** Reads the project's events until enough have come, or throws after a while with those that did. */
async function readEvents(
  target: Target,
  projectId: string,
  options: { lastEventId?: string; onOpen?: () => Promise<unknown>; enough: (seen: Received[]) => boolean },
): Promise<Received[]> {
  const stop = new AbortController()
  const headers = {
    authorization: `Bearer ${target.key}`,
    ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
  }
  const answer = await fetch(`${target.url}/api/v1/projects/${projectId}/events`, { headers, signal: stop.signal })
  if (answer.status !== 200 || !answer.body) throw new Error(`The stream was answered ${answer.status}`)
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  const opened = options.onOpen?.()
  const seen: Received[] = []
  const timer = setTimeout(() => stop.abort(new Error(`Only these came: ${JSON.stringify(seen)}`)), 20_000)
  let text = ''
  try {
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      seen.push(...blocks.flatMap(parseBlock))
      if (options.enough(seen)) break
    }
    await opened
    return seen
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

function parseBlock(block: string): Received[] {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
  const [id, data] = [field('id'), field('data')]
  if (id === undefined || data === undefined || field('event') !== 'image.status') return []
  return [{ id, event: ImageStatusEvent.parse(JSON.parse(data)) }]
}

export function eventCases(target: Target): void {
  describe('live events', () => {
    const projectId = async () => Me.parse(await (await call(target, '/me')).json()).default_project?.id ?? ''

    it('tell each move of an image, and resume after the last one that was seen', async () => {
      const project = await projectId()
      const bytes = await freshJpeg()
      let imageId = ''
      const upload = async () => {
        imageId = (await uploadReady(target, bytes)).id
      }
      const of = (seen: Received[]) => seen.filter(({ event }) => event.image_id === imageId)
      const statuses = (seen: Received[]) => of(seen).map(({ event }) => event.status)
      const live = await readEvents(target, project, {
        onOpen: upload,
        enough: seen => seen.some(({ event }) => event.status === 'ready'),
      })
      expect(statuses(live)).toEqual(['uploaded', 'processing', 'ready'])
      expect(live.every(({ event }) => event.project_id === project)).toBe(true)

      const [first] = of(live)
      const missed = await readEvents(target, project, {
        lastEventId: first?.id ?? '',
        enough: seen => statuses(seen).includes('ready'),
      })
      expect(of(missed)).toEqual(of(live).slice(1))
    })

    it('come to a reader who was away while everything happened', async () => {
      const project = await projectId()
      let marker = ''
      const before = await readEvents(target, project, {
        onOpen: async () => uploadReady(target, await freshJpeg()),
        enough: seen => seen.length >= 3,
      })
      marker = before.at(-1)?.id ?? ''
      const { id } = await uploadReady(target, await freshJpeg())
      await call(target, `/images/${id}`, { method: 'DELETE' })
      const missed = await readEvents(target, project, {
        lastEventId: marker,
        enough: seen => seen.some(({ event }) => event.image_id === id && event.status === 'deleted'),
      })
      const mine = missed.filter(({ event }) => event.image_id === id)
      expect(mine.map(({ event }) => event.status)).toEqual(['uploaded', 'processing', 'ready', 'deleted'])
    })

    it('tell why an image failed', async () => {
      const project = await projectId()
      const seen = await readEvents(target, project, {
        onOpen: async () => {
          const form = new FormData()
          form.append('file', new Blob([`%PDF-1.7 ${Math.random()}`], { type: 'image/jpeg' }), 'photo.jpg')
          await call(target, '/images/upload', { body: form })
        },
        enough: events => events.some(({ event }) => event.status === 'failed'),
      })
      const failed = seen.find(({ event }) => event.status === 'failed')
      expect(failed?.event.failure?.code).toBe('content_type_mismatch')
    })

    it('are refused for a project of nobody’s and for a cursor that is none', async () => {
      const stranger = await call(target, '/projects/01K00000000000000000000000/events')
      expect(stranger.status).toBe(404)
      const headers = { 'last-event-id': 'no cursor at all' }
      const nonsense = await call(target, `/projects/${await projectId()}/events`, { headers })
      expect([400, 200]).toContain(nonsense.status)
      if (nonsense.status === 400) await problemOf(nonsense)
      else await nonsense.body?.cancel()
    })
  })
}
