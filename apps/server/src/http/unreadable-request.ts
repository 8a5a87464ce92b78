import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { DomainError } from '@calotype/core'
import { toProblem } from './problem.ts'
import { requestIdOf } from './request-log.ts'

/** What Node's parser refuses before there is a request, by the code of its error. */
const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

const unreadable = (): DomainError =>
  new DomainError('invalid', 'invalid_request', 'This is no HTTP request that can be read.')

/** Answers what is no request in the one form of errors, and closes the connection: nobody knows where the next request begins. */
export const answerUnreadable = (publicUrl: string) => (error: NodeJS.ErrnoException, socket: Socket) => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) socket.write(answerTo(error, publicUrl))
  socket.destroy(error)
}

function answerTo(error: NodeJS.ErrnoException, publicUrl: string): string {
  const status = STATUSES[error.code ?? ''] ?? 400
  const requestId = requestIdOf({ headers: {} })
  const problem = toProblem(unreadable(), { requestId, publicUrl })
  const body = JSON.stringify({ ...problem.body, status })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
