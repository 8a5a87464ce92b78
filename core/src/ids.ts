import { ulid } from 'ulid'

/** A ULID in its canonical form: 26 characters of Crockford's alphabet, the first at most 7. */
export const ID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/** A new ULID: sortable by time of making, 80 random bits. */
export const newId = (): string => ulid()

export const isId = (text: string): boolean => ID_PATTERN.test(text)
