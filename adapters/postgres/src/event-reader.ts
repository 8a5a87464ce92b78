import { setTimeout as sleep } from 'node:timers/promises'
import { createAlarm } from './alarm.ts'
import type { ConnectionSettings } from './connection.ts'
import { type EventConnection, openEventConnection } from './event-connection.ts'
import { type PlacedEvent, toPlacedEvent } from './event-rows.ts'
import {
  EVENT_BATCH,
  EVENT_RECONNECT_MAX_MS,
  EVENT_RECONNECT_MS,
  EVENT_REREAD_MS,
  EVENT_SETTLE_MAX_MS,
  EVENT_SETTLE_MS,
} from './limits.ts'
import type { Log } from './log.ts'

export interface EventReader {
  /** Whether it hears and reads at this moment; while it does not, events only come later. */
  connected(): boolean
  stop(): Promise<void>
}

/**
 * Reads the events of every project for as long as the process lives, on one connection of its own. Notifications only wake it: what
 * counts is the position up to which everything was read, which survives the connection.
 */
export async function startEventReader(options: {
  connection: ConnectionSettings
  onEvent(event: PlacedEvent): void
  log: Log
}): Promise<EventReader> {
  const alarm = createAlarm()
  const halt = new AbortController()
  const open = () => openEventConnection(options.connection, alarm.ring)
  let connection: EventConnection | null = await open()
  let position = await connection.findEnd()
  let settleMs = EVENT_SETTLE_MS

  /** Tells what may be told; resolves with how long there is nothing to do. */
  async function readOnce(from: EventConnection): Promise<number> {
    const rows = await from.readAfter(position)
    const settled = rows.filter(row => row.settled).map(toPlacedEvent)
    for (const placed of settled) {
      position = placed.position
      options.onEvent(placed)
    }
    settleMs = settled.length > 0 ? EVENT_SETTLE_MS : Math.min(settleMs * 2, EVENT_SETTLE_MAX_MS)
    if (settled.length < rows.length) return settleMs
    return rows.length === EVENT_BATCH ? 0 : EVENT_REREAD_MS
  }

  async function loop(): Promise<void> {
    let reconnectMs = EVENT_RECONNECT_MS
    while (!halt.signal.aborted) {
      try {
        connection ??= await open()
        const pauseMs = await readOnce(connection)
        reconnectMs = EVENT_RECONNECT_MS
        if (pauseMs > 0) await alarm.wait(pauseMs)
      } catch (error) {
        if (halt.signal.aborted) return
        options.log.warn({ component: 'events', err: error }, 'Events cannot be read; trying again')
        void connection?.close()
        connection = null
        await sleep(reconnectMs, undefined, { signal: halt.signal }).catch(() => {})
        reconnectMs = Math.min(reconnectMs * 2, EVENT_RECONNECT_MAX_MS)
      }
    }
  }

  const reading = loop()
  return {
    connected: () => connection !== null,
    stop: async () => {
      halt.abort()
      alarm.ring()
      await connection?.close()
      await reading
    },
  }
}
