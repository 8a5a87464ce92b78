import { expect, test } from 'vitest'
import { type Message, readMessages } from './read-messages.ts'

async function read(...chunks: string[]): Promise<Message[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  const messages: Message[] = []
  for await (const message of readMessages(body, () => undefined)) messages.push(message)
  return messages
}

test('joins data lines, keeps ids, skips comments', async () => {
  expect(await read(': keep-alive\n\nid: 3\nevent: a\ndata: one\ndata:two\n\n')).toEqual([
    { id: '3', event: 'a', data: 'one\ntwo', retryMs: null },
  ])
})

test('lines may be cut anywhere, also within CRLF', async () => {
  const whole = 'id: 3\r\ndata: ü\r\n\r\ndata: x\r\n\r\n'
  for (let cut = 0; cut <= whole.length; cut++) {
    const messages = await read(whole.slice(0, cut), whole.slice(cut))
    expect(messages.map(({ data }) => data)).toEqual(['ü', 'x'])
  }
})

test('an unfinished message is not delivered', async () => {
  expect(await read('data: half\n')).toEqual([])
})
