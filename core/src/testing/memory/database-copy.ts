import { Readable } from 'node:stream'
import {
  type DatabaseLoader,
  type DatabaseLoading,
  type DatabaseMoment,
  type DatabaseReader,
  installationNotEmpty,
  nothingToCopy,
  type ObjectReference,
} from '../../backup/index.ts'

/** A database as its copies see it: tables of lines, and the objects that they refer to. */
export interface MemoryRows {
  schema: number[]
  tables: Map<string, string[]>
  objects: ObjectReference[]
}

export const emptyRows = (): MemoryRows => ({ schema: [], tables: new Map(), objects: [] })

/** Reads and fills such a database; objects come with the line of table `images` that holds them as JSON. */
export function createMemoryDatabaseCopy(
  rows: MemoryRows,
  options: { known: readonly number[]; watch?: <T extends object>(name: string, target: T) => T },
): DatabaseReader & DatabaseLoader {
  const watch = options.watch ?? ((_name, target) => target)
  return watch('database', {
    async read<T>(work: (moment: DatabaseMoment) => Promise<T>): Promise<T> {
      if (rows.schema.length === 0) throw nothingToCopy('The database')
      return work(watch('moment', momentOf(structuredClone(rows))))
    },
    async findContents() {
      return [...rows.tables].find(([, lines]) => lines.length > 0)?.[0] ?? null
    },
    async knownSchema() {
      return options.known
    },
    async load(schema: readonly number[], work: (loading: DatabaseLoading) => Promise<void>) {
      const found = [...rows.tables].find(([, lines]) => lines.length > 0)
      if (found) throw installationNotEmpty(found[0])
      const next = { ...emptyRows(), schema: [...schema] }
      await work(watch('loading', loadingOf(next)))
      Object.assign(rows, { ...next, schema: [...options.known] })
    },
  })
}

const momentOf = (rows: MemoryRows): DatabaseMoment => ({
  schema: rows.schema,
  server: 'memory',
  tables: [...rows.tables.keys()],
  readTable: async table => textOf(rows, table),
  listObjects: async (after, limit) =>
    rows.objects
      .filter(({ key }) => key > after)
      .sort((left, right) => (left.key < right.key ? -1 : 1))
      .slice(0, limit),
})

const loadingOf = (rows: MemoryRows): DatabaseLoading => ({
  loadTable: async (table, body) => {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk))
    const lines = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1)
    rows.tables.set(table, lines)
    if (table === 'images') rows.objects = lines.map(line => JSON.parse(line))
  },
  readTable: async table => textOf(rows, table),
})

const textOf = (rows: MemoryRows, table: string): Readable =>
  Readable.from((rows.tables.get(table) ?? []).map(line => Buffer.from(`${line}\n`)))
