import type pg from 'pg'
import { readMigrations } from '../migrate.ts'

/** What the copy of a table consists of. */
export interface TableShape {
  name: string
  /** By name, because two databases may have got them in another order. */
  columns: readonly string[]
  /** What makes the order of the rows depend on nothing but the rows. */
  orderBy: readonly string[]
  /** Columns that count by themselves. */
  counters: readonly string[]
}

/** Which processes are alive is no part of an installation. */
const NOT_COPIED: readonly string[] = ['worker_heartbeats']
/** The transaction of an event means nothing in another database: there it is the one that brought all of them. */
const NOT_COPIED_COLUMNS: Readonly<Record<string, readonly string[]>> = { events: ['xid'] }

interface CatalogRow {
  name: string
  columns: string[]
  primary_key: { name: string; collated: boolean }[] | null
  counters: string[]
  needs: string[]
}

const CATALOG = `
  select c.relname as name,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by a.attname collate "C") as columns,
    (select json_agg(json_build_object('name', a.attname, 'collated', a.attcollation <> 0) order by k.place)
      from pg_index i, unnest(i.indkey) with ordinality as k (attnum, place), pg_attribute a
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum) as primary_key,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and pg_get_serial_sequence(format('%I', c.relname), a.attname) is not null) as counters,
    array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname::text = any($1::text[])
  order by c.relname collate "C"`

/** The tables of ours that are there, each after those that it refers to. A database may hold others' tables beside them. */
export async function readTableShapes(client: pg.ClientBase): Promise<readonly TableShape[]> {
  const { rows } = await client.query<CatalogRow>(CATALOG, [await readTableNames()])
  return inLoadingOrder(rows).map(row => {
    const left = NOT_COPIED_COLUMNS[row.name] ?? []
    const orderBy = (row.primary_key ?? [])
      .filter(({ name }) => !left.includes(name))
      .map(({ name, collated }) => (collated ? `"${name}" collate "C"` : `"${name}"`))
    if (orderBy.length === 0) throw new Error(`Table ${row.name} has no primary key to be copied in the order of`)
    return { ...row, columns: row.columns.filter(column => !left.includes(column)), orderBy }
  })
}

/** Every table that a migration makes. */
async function readTableNames(): Promise<readonly string[]> {
  const made = (await readMigrations()).flatMap(({ sql }) =>
    [...sql.matchAll(/^create table (?:if not exists )?(\w+)/gm)].map(([, name = '']) => name),
  )
  return made.filter(name => !NOT_COPIED.includes(name))
}

function inLoadingOrder(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const ordered: CatalogRow[] = []
  let rest = rows
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name))
    const next = rest.filter(({ needs }) => !needs.some(name => waiting.has(name)))
    if (next.length === 0) throw new Error(`These tables refer to each other in a circle: ${[...waiting].join(', ')}`)
    ordered.push(...next)
    rest = rest.filter(row => !next.includes(row))
  }
  return ordered
}
