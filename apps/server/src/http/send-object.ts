import { Readable } from 'node:stream'
import { DomainError, notFound } from '@calotype/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ByteRange, matchesETag, parseRange } from './ranges.ts'

/** An object to be answered: its bytes are read only when they are needed. */
export interface Servable {
  sizeBytes: number
  /** Strong, with its quotes. */
  etag: string
  contentType: string
  cacheControl: string
  headers?: Record<string, string>
  read(range: ByteRange | null): Promise<Readable | Buffer | null>
}

/** Headers that keep other people's bytes harmless in a browser. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
}

const unsatisfiable = (sizeBytes: number): DomainError =>
  new DomainError('range', 'range_not_satisfiable', `This object has ${sizeBytes} bytes; the range lies outside.`, {
    limit: sizeBytes,
  })

/** Answers 200, 206, 304 or 416, as the request's conditions say. */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  object: Servable,
): Promise<FastifyReply> {
  reply.headers({
    ...SAFE_HEADERS,
    ...object.headers,
    etag: object.etag,
    'cache-control': object.cacheControl,
    'accept-ranges': 'bytes',
  })
  if (matchesETag(request.headers['if-none-match'], object.etag)) return reply.code(304).send()
  const ifRange = request.headers['if-range']
  const wanted = ifRange === undefined || ifRange === object.etag ? request.headers.range : undefined
  const range = parseRange(wanted, object.sizeBytes)
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${object.sizeBytes}`).header('cache-control', 'no-store')
    throw unsatisfiable(object.sizeBytes)
  }
  // A stream, because of anything else Fastify answers the length instead of the object's.
  const body = request.method === 'HEAD' ? Readable.from([]) : await object.read(range)
  if (body === null) throw notFound()
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${object.sizeBytes}`)
  const length = range ? range.end - range.start + 1 : object.sizeBytes
  return reply.type(object.contentType).header('content-length', length).send(body)
}
