/** A field of something that came from outside; undefined where there is none. */
export const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && field in value ? Reflect.get(value, field) : undefined

/** A text from outside; empty for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
