import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type ConnectionSettings, clientConfig } from './connection.ts'
import { translateError } from './errors.ts'
import type { EventPosition } from './event-cursor.ts'
import { EVENTS_AFTER, type EventRow, type PlacedEvent, toPlacedEvent } from './event-rows.ts'
import { EVENT_CHANNEL } from './event-store.ts'
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
  stop(): Promise<void>
}

/**
 * Reads the events of every project for as long as the process lives, on one connection of its own that also listens for
 * notifications. They only wake it: what counts is the position up to which everything was read, which survives the connection.
 */
export async function startEventReader(options: {
  connection: ConnectionSettings
  onEvent(event: PlacedEvent): void
  log: Log
}): Promise<EventReader> {
  const { connection, onEvent, log } = options
  const alarm = createAlarm()
  const halt = new AbortController()
  let client: pg.Client | null = null
  client = await listen()
  let position = await findEnd(client)
  const reading = loop()

  async function listen(): Promise<pg.Client> {
    const fresh = new pg.Client(clientConfig(connection, 'events'))
    const lost = () => {
      if (client === fresh) client = null
      alarm.ring()
    }
    fresh.on('error', lost)
    fresh.on('end', lost)
    fresh.on('notification', alarm.ring)
    try {
      await fresh.connect()
      await fresh.query(`listen ${EVENT_CHANNEL}`)
      return fresh
    } catch (error) {
      void fresh.end().catch(() => {})
      throw translateError(error)
    }
  }

  async function loop(): Promise<void> {
    let reconnectMs = EVENT_RECONNECT_MS
    let settleMs = EVENT_SETTLE_MS
    while (!halt.signal.aborted) {
      try {
        client ??= await listen()
        const { delivered, more, unsettled } = await readOnce(client)
        reconnectMs = EVENT_RECONNECT_MS
        settleMs = delivered > 0 ? EVENT_SETTLE_MS : Math.min(settleMs * 2, EVENT_SETTLE_MAX_MS)
        if (!more) await alarm.wait(unsettled ? settleMs : EVENT_REREAD_MS)
      } catch (error) {
        if (halt.signal.aborted) return
        log.warn({ component: 'events', err: error }, 'Events cannot be read; trying again')
        void client?.end().catch(() => {})
        client = null
        await sleep(reconnectMs, undefined, { signal: halt.signal }).catch(() => {})
        reconnectMs = Math.min(reconnectMs * 2, EVENT_RECONNECT_MAX_MS)
      }
    }
  }

  async function readOnce(from: pg.Client): Promise<{ delivered: number; more: boolean; unsettled: boolean }> {
    const values = [String(position.xid), String(position.id), EVENT_BATCH]
    const { rows } = await from.query<EventRow>({ name: 'calotype_events_after', text: EVENTS_AFTER, values })
    const settled = rows.filter(row => row.settled).map(toPlacedEvent)
    for (const placed of settled) {
      position = placed.position
      onEvent(placed)
    }
    const unsettled = settled.length < rows.length
    return { delivered: settled.length, more: !unsettled && rows.length === EVENT_BATCH, unsettled }
  }

  return {
    stop: async () => {
      halt.abort()
      alarm.ring()
      await client?.end().catch(() => {})
      await reading
    },
  }
}

/** From now on: before the first transaction that may still bring something. */
async function findEnd(client: pg.Client): Promise<EventPosition> {
  const { rows } = await client.query<{ xmin: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as xmin')
  return { xid: BigInt(rows[0]?.xmin ?? '0'), id: 0n }
}

/** Something to wait for that may ring before anybody waits. */
function createAlarm(): { ring(): void; wait(ms: number): Promise<void> } {
  let rang = false
  let wake = () => {}
  return {
    ring: () => {
      rang = true
      wake()
    },
    wait: async ms => {
      if (!rang) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rang = false
    },
  }
}
