import { IdempotencyHeaders } from '@calotype/contract'
import { checkKey, type Once } from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A creation that takes an `Idempotency-Key`; its verb runs by `runOnce`. */
    idempotent?: true
  }
}

/** Puts the header into the schema of every route that heeds it. Has to come before the routes. */
export function acceptIdempotencyKeys(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    if (!route.config?.idempotent || !route.schema) return
    const { headers } = route.schema
    const all = headers instanceof z.ZodObject ? headers.extend(IdempotencyHeaders.shape) : IdempotencyHeaders
    route.schema = { ...route.schema, headers: all }
  })
}

/** What the caller asked to happen once; null without the header, or where it means nothing. */
export function onceOf(request: FastifyRequest): Once | null {
  const key = request.headers['idempotency-key']
  const { config, url = '' } = request.routeOptions
  if (config.idempotent !== true || typeof key !== 'string') return null
  return { route: `${request.method} ${url}`, key: checkKey(key) }
}
