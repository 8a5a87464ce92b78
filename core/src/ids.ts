import { randomInt } from 'node:crypto'
import { monotonicFactory, ulid } from 'ulid'

/** A ULID in its canonical form: 26 characters of Crockford's alphabet, the first at most 7. */
export const ID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/** Five random bits as a fraction. Node fetches randomness for many at once here; the library asks for each byte, which takes 14 times as long. */
const fiveBits = (): number => randomInt(32) / 32

const nextUlid = monotonicFactory(fiveBits)

/** A new ULID: sortable by time of making, within one millisecond of a process, too; 80 random bits, counted up within it. No secret. */
export const newId = (): string => nextUlid()

export const isId = (text: string): boolean => ID_PATTERN.test(text)

/** What the ids of probes begin with: the time zero, when no image was made. */
export const PROBE_ID_PREFIX = '0000000000'

/** An id for what `doctor` puts into storage to try it; well formed, unique, and never that of an image. */
export const newProbeId = (): string => PROBE_ID_PREFIX + ulid().slice(PROBE_ID_PREFIX.length)

export const isProbeId = (text: string): boolean => isId(text) && text.startsWith(PROBE_ID_PREFIX)
