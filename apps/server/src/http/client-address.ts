import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** Where a request came from: the socket's address, or what our own proxies say; null when they say something else than an address. */
export const clientAddress = (request: FastifyRequest): string | null => (isIP(request.ip) === 0 ? null : request.ip)
