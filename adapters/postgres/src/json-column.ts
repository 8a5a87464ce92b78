import type { ColumnType } from 'kysely'

/** A json column: written as text made by `toJson`, read as the value. */
export type Json<T> = ColumnType<T, string, string>
export type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>
