import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from './front-door.ts'
import type { Answer, QuickAnswer } from './quick-answer.ts'

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n'
const get = (path: string, ...lines: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${lines.map(line => `${line}\r\n`).join('')}\r\n`

let server: Server | undefined
let door: FrontDoor | undefined
const sockets: Socket[] = []
let sent = 0

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  door?.close()
  server?.closeAllConnections()
  if (server?.listening) await new Promise(resolve => server?.close(resolve))
  sent = 0
})

const quickly = (text: string): Answer => ({
  head: HEAD,
  body: Buffer.from(text),
  sent: () => {
    sent += 1
  },
})

/** `/cdn/hot` is answered at once, `/cdn/cold` a moment later, `/cdn/lost` is not after all; the server behind tells what it was asked. */
const ANSWERS: QuickAnswer = request => {
  if (request.url === '/cdn/hot') return quickly('hot!')
  const later = (answer: Answer | null) => new Promise<Answer | null>(resolve => setTimeout(resolve, 30, answer))
  if (request.url === '/cdn/cold') return later(quickly('cold'))
  if (request.url === '/cdn/lost') return later(null)
  if (request.url === '/cdn/broken') return Promise.reject(new Error('disk'))
  return null
}

async function open(answer: QuickAnswer = ANSWERS, idleMs = 5_000): Promise<Socket> {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => response.end(`behind ${request.method} ${request.url} ${body}.`))
  })
  door = openFrontDoor(server, answer, idleMs)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return visit()
}

function portOf(listening: Server | undefined): number {
  const address = listening?.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function visit(): Promise<Socket> {
  const socket = connect(portOf(server), '127.0.0.1')
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

/** All that came until it matches. */
async function read(socket: Socket, until: RegExp): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (until.test(text)) break
  }
  return text
}

describe('openFrontDoor', () => {
  it('answers plain requests one after the other on one connection', async () => {
    const socket = await open()
    for (const [path, body] of [
      ['/cdn/hot', 'hot!'],
      ['/cdn/cold', 'cold'],
      ['/cdn/hot', 'hot!'],
    ] as const) {
      socket.write(get(path))
      expect(await read(socket, /....$/)).toBe(HEAD + body)
    }
    expect(sent).toBe(3)
  })

  it('hands over what is not plain with every byte, and all that follows', async () => {
    const socket = await open()
    socket.write(get('/cdn/hot'))
    await read(socket, /hot!$/)
    socket.write('POST /api HTTP/1.1\r\nHost: x\r\nContent-Le')
    await new Promise(resolve => setTimeout(resolve, 20))
    socket.write('ngth: 5\r\n\r\nhel')
    await new Promise(resolve => setTimeout(resolve, 20))
    socket.write('lo')
    expect(await read(socket, /behind POST \/api hello\./)).toContain('200 OK')
    socket.write(get('/cdn/hot'))
    expect(await read(socket, /\.\r\n|\.$/)).toContain('behind GET /cdn/hot .')
  })

  it.each([['/cdn/lost'], ['/cdn/broken'], ['/cdn/other']])('hands over what has no quick answer: %s', async path => {
    const socket = await open()
    socket.write(get(path))
    expect(await read(socket, /behind/)).toContain(`behind GET ${path} .`)
  })

  it.each([
    ['at once', ['/cdn/hot', '/cdn/hot', '/cdn/cold']],
    ['after a slow one', ['/cdn/cold', '/cdn/hot', '/cdn/hot']],
    ['after a lost one', ['/cdn/lost', '/cdn/hot', '/cdn/cold']],
  ])('keeps the order of requests sent together: %s', async (_name, paths) => {
    const socket = await open()
    for (const path of paths) {
      socket.write(get(path))
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    socket.write(get('/end', 'Connection: close'))
    const text = await read(socket, /behind GET \/end \./)
    const told = [...text.matchAll(/hot!|cold|behind GET (\S+)/g)].map(([word, path]) => path ?? word)
    expect(told.map(word => word.replace('/cdn/', '').replace('!', ''))).toEqual([
      ...paths.map(path => path.replace('/cdn/', '')),
      '/end',
    ])
  })

  it('does not read on while an answer waits for a slow reader', async () => {
    const big = Buffer.alloc(8_000_000)
    let answers = 0
    const socket = await open(() => {
      answers += 1
      return { head: 'HTTP/1.1 200 OK\r\n\r\n', body: big, sent: () => {} }
    })
    socket.pause()
    for (let n = 0; n < 20; n++) {
      socket.write(get('/cdn/big'))
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    expect(answers).toBeLessThan(3)
  })

  it('answers a client that has already closed its side', async () => {
    const socket = await open()
    socket.end(get('/cdn/cold'))
    expect(await read(socket, /cold$/)).toBe(`${HEAD}cold`)
  })

  it('ends silent connections after the time for idle ones', async () => {
    const socket = await open(ANSWERS, 50)
    await once(socket.resume(), 'close')
  })

  it('closes without cutting off an answer, and keeps no connection open', async () => {
    const busy = await open()
    const idle = await visit()
    busy.write(get('/cdn/cold'))
    await new Promise(resolve => setTimeout(resolve, 10))
    door?.close()
    const closed = new Promise(resolve => server?.close(resolve))
    expect(await read(busy, /cold$/)).toBe(`${HEAD}cold`)
    idle.resume()
    await closed
  })
})
