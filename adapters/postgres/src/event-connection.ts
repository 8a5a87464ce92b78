import pg from 'pg'
import { type ConnectionSettings, clientConfig } from './connection.ts'
import { translateError } from './errors.ts'
import type { EventPosition } from './event-cursor.ts'
import { EVENTS_AFTER, type EventRow } from './event-rows.ts'
import { EVENT_CHANNEL } from './event-store.ts'
import { EVENT_BATCH } from './limits.ts'

/** The connection of the event reader: it listens, and reads. Any failure means that another one is needed. */
export interface EventConnection {
  /** Before the first transaction that may still bring something. */
  findEnd(): Promise<EventPosition>
  readAfter(position: EventPosition): Promise<readonly EventRow[]>
  close(): Promise<void>
}

/** Connects and listens. `wake` is called at each notification, and when the connection is lost. */
export async function openEventConnection(connection: ConnectionSettings, wake: () => void): Promise<EventConnection> {
  const client = new pg.Client(clientConfig(connection, 'events'))
  client.on('error', wake)
  client.on('end', wake)
  client.on('notification', wake)
  const close = () => client.end().catch(() => {})
  try {
    await client.connect()
    await client.query(`listen ${EVENT_CHANNEL}`)
  } catch (error) {
    void close()
    throw translateError(error)
  }
  return {
    findEnd: async () => {
      const { rows } = await client.query<{ xmin: string }>(
        'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin',
      )
      return { xid: BigInt(rows[0]?.xmin ?? '0'), id: 0n }
    },
    readAfter: async position => {
      const values = [String(position.xid), String(position.id), EVENT_BATCH]
      return (await client.query<EventRow>({ name: 'calotype_events_after', text: EVENTS_AFTER, values })).rows
    },
    close,
  }
}
