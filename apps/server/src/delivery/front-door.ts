import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { parsePlainRequest } from './plain-request.ts'
import type { Answer, QuickAnswer } from './quick-answer.ts'

export interface FrontDoor {
  /** Ends connections that wait, and those that are being answered after their answer. */
  close(): void
}

/**
 * Stands before an HTTP server's own parser and answers plain requests itself: that parser with its request and response objects costs more
 * than everything else of sending a small object from memory. A connection is handed over to it, for good and with every byte unread, at
 * the first request that is not plain or has no quick answer.
 */
export function openFrontDoor(server: Server, answer: QuickAnswer, idleMs: number): FrontDoor {
  const [behind] = server.listeners('connection')
  if (!behind) throw new Error('The server has no connection listener of its own')
  const guests = new Set<Guest>()
  let closing = false
  server.off('connection', asListener(behind))
  server.on('connection', (socket: Socket) => {
    const guest = receive(socket, answer, idleMs, {
      left: () => guests.delete(guest),
      handedOver: () => Reflect.apply(behind, server, [socket]),
    })
    if (closing) guest.dismiss()
    else guests.add(guest)
  })
  return {
    close() {
      closing = true
      for (const guest of guests) guest.dismiss()
    },
  }
}

/** The type of a listener says nothing of its arguments. */
const asListener = (listener: unknown): ((...args: unknown[]) => void) => listener as (...args: unknown[]) => void

interface Guest {
  dismiss(): void
}

type Exits = { left(): void; handedOver(): void }

function receive(socket: Socket, answer: QuickAnswer, idleMs: number, exits: Exits): Guest {
  /** Bytes that came while an answer was under way: they are looked at after it. */
  let waiting: Buffer[] = []
  let busy = false
  let current: Answer | null = null
  let leaving = false

  const handOver = (bytes: Buffer) => {
    for (const [event, listener] of listeners) socket.off(event, listener)
    socket.setTimeout(0)
    exits.left()
    socket.unshift(bytes)
    exits.handedOver()
    socket.resume()
  }
  const onSent = () => {
    current?.sent()
    current = null
    busy = false
    if (socket.destroyed) return
    if (leaving) return socket.destroySoon()
    if (waiting.length === 0) return
    const bytes = Buffer.concat(waiting)
    waiting = []
    socket.resume()
    onData(bytes)
  }
  const send = (bytes: Buffer, found: Answer | null) => {
    if (!found) {
      busy = false
      // Who has said the last word already cannot be handed over.
      if (socket.destroyed || leaving) return void socket.destroy()
      return handOver(Buffer.concat([bytes, ...waiting]))
    }
    socket.cork()
    socket.write(found.head, 'latin1')
    current = found
    socket.write(found.body, onSent)
    socket.uncork()
  }
  const onData = (bytes: Buffer) => {
    if (busy) {
      waiting.push(bytes)
      return void socket.pause()
    }
    const request = parsePlainRequest(bytes)
    if (!request) return handOver(bytes)
    busy = true
    const found = answer(request)
    if (!(found instanceof Promise)) return send(bytes, found)
    // What went wrong goes wrong again behind the door, where it is answered and logged.
    found.catch(() => null).then(later => send(bytes, later))
  }
  const dismiss = () => {
    leaving = true
    if (!busy) socket.destroySoon()
  }
  const listeners: ReadonlyArray<readonly [event: string, listener: (bytes: Buffer) => void]> = [
    ['data', onData],
    ['end', dismiss],
    ['close', exits.left],
    ['timeout', () => socket.destroy()],
    ['error', () => socket.destroy()],
  ]
  for (const [event, listener] of listeners) socket.on(event, listener)
  socket.setTimeout(idleMs)
  return { dismiss }
}
