import { createHash } from 'node:crypto'

/** A span as W3C Trace Context names it. */
export interface TraceContext {
  traceId: string
  spanId: string
  sampled: boolean
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const VERSION_0 = '00'

/** Null for what is not well formed (W3C Trace Context, 3.2): it is as if nothing had been said. */
export function parseTraceparent(text: string): TraceContext | null {
  const match = TRACEPARENT.exec(text)
  if (!match) return null
  const [, traceId = '', spanId = '', flags = '00', more] = match
  if (more !== undefined && text.startsWith(VERSION_0)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export const formatTraceparent = ({ traceId, spanId, sampled }: TraceContext): string =>
  `${VERSION_0}-${traceId}-${spanId}-${sampled ? '01' : '00'}`

/**
 * The trace of an image's storage event, known from its id alone: whoever signs the upload's URL can point to it, and the event, which
 * brings no context along, begins it.
 */
export function traceOfImage(imageId: string): { traceId: string; spanId: string } {
  const digest = createHash('sha256').update(`calotype.image:${imageId}`).digest('hex')
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) }
}
