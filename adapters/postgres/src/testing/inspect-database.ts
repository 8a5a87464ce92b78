import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { DATABASE, PORT, SUPERUSER } from '../embedded/settings.ts'

/** Every row of every table as JSON, by `schema.table`. */
export type Dump = ReadonlyMap<string, readonly string[]>

export interface Inspection {
  /** Columns of these names are left out, in every table. */
  dump(without?: readonly string[]): Promise<Dump>
  query(text: string, values?: unknown[]): Promise<void>
  close(): Promise<void>
}

const SOCKET_LINE = 4

/** Looks into the database of a running program beside it, as a thief of a backup would: tables of every schema, nothing left out. */
export async function inspectDatabase(dataDirectory: string): Promise<Inspection> {
  const lines = (await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const client = new pg.Client({ host: lines[SOCKET_LINE] ?? '', port: PORT, user: SUPERUSER, database: DATABASE })
  await client.connect()
  return {
    dump: async (without = []) => {
      const { rows } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
      )
      const dump = new Map<string, string[]>()
      for (const { name } of rows) {
        const table = await client.query<{ row: string }>(
          `select (to_jsonb(t) - $1::text[])::text as row from ${name} t order by 1`,
          [without],
        )
        dump.set(
          name,
          table.rows.map(({ row }) => row),
        )
      }
      return dump
    },
    query: async (text, values = []) => {
      await client.query(text, values)
    },
    close: () => client.end(),
  }
}
