import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCalotype, type EventsState } from '../index.ts'
import { type FakeServer, startFakeServer } from '../testing/fake-server.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

const stream = { 'content-type': 'text/event-stream' }
const event = (id: string, image: string) => `id: ${id}\nevent: image.status\ndata: {"image_id":"${image}"}\n\n`

function follow(until: number, lastEventId?: string) {
  const seen: string[] = []
  const states: EventsState[] = []
  const subscription = createCalotype({ baseUrl: server.baseUrl }).events('P', {
    lastEventId,
    onEvent: ({ image_id }) => {
      seen.push(image_id)
      if (seen.length === until) subscription.close()
    },
    onState: state => states.push(state),
  })
  return { seen, states, subscription }
}

test('resumes after the last event that it has seen', async () => {
  server.answers(
    (_, response) => response.writeHead(200, stream).end(`retry: 10\n\n: hello\n\n${event('7', 'A')}`),
    (_, response) => response.writeHead(200, stream).write(event('8', 'B')),
  )
  const { seen, states, subscription } = follow(2, '6')
  await subscription.ended
  expect(seen).toEqual(['A', 'B'])
  expect(server.received.map(({ headers }) => headers['last-event-id'])).toEqual(['6', '7'])
  expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'open'])
})

test('comes back after a break and a busy server', async () => {
  server.answers(
    (_, response) => response.destroy(),
    { status: 503, json: { code: 'overloaded', detail: '' }, headers: { 'retry-after': '0' } },
    (_, response) => response.writeHead(200, stream).write(event('1', 'A')),
  )
  const { seen, subscription } = follow(1)
  await subscription.ended
  expect(seen).toEqual(['A'])
})

test('a refusal ends it', async () => {
  server.answers({ status: 401, json: { code: 'unauthorized', detail: 'Sign in.' } })
  const { states, subscription } = follow(1)
  await subscription.ended
  expect(states).toEqual(['connecting', 'refused'])
  expect(server.received).toHaveLength(1)
})

test('tells of analyses to whoever wants to hear of them, and goes on after them', async () => {
  const report = 'id: 8\nevent: analysis.updated\ndata: {"image_id":"A","analysis":{"status":"completed"}}\n\n'
  server.answers(
    (_, response) => response.writeHead(200, stream).end(`retry: 10\n\n${event('7', 'A')}${report}`),
    (_, response) => response.writeHead(200, stream).write(event('9', 'B')),
  )
  const heard: string[] = []
  const subscription = createCalotype({ baseUrl: server.baseUrl }).events('P', {
    onEvent: ({ image_id }) => {
      heard.push(image_id)
      if (image_id === 'B') subscription.close()
    },
    onAnalysis: ({ analysis }, id) => heard.push(`${analysis.status} ${id}`),
  })
  await subscription.ended
  expect(heard).toEqual(['A', 'completed 8', 'B'])
  expect(server.received[1]?.headers['last-event-id']).toBe('8')
})
