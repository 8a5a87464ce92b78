import { type RateVerdict, rateLimited } from '@calotype/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { actorOf } from './authentication.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What this route counts for each principal, one unit for a call before its body is read. */
    rateLimit?: 'upload-urls'
  }
}

const WINDOW_SECONDS = 60

type Limits = Pick<Deps, 'rateLimiter' | 'uploadUrlsPerMinute'>

/**
 * Gives every route that counts a hook of its own: after authentication, whose principal it counts by, and before the body is
 * parsed. Has to come before the routes.
 */
export function limitRates(app: FastifyInstance, deps: Limits): void {
  const limit = async (request: FastifyRequest, reply: FastifyReply) => {
    const verdict = await takeUnits(deps, request, reply, 1)
    if (verdict.allowed === 0) throw rateLimited(deps.uploadUrlsPerMinute, WINDOW_SECONDS, verdict.resetSeconds)
  }
  app.addHook('onRoute', route => {
    if (route.config?.rateLimit) route.onRequest = [route.onRequest ?? [], limit].flat()
  })
}

/**
 * Takes further units of the route's limit, for a call that stands for several, and tells in the headers what is left
 * (draft-ietf-httpapi-ratelimit-headers-10: `q` quota, `w` window, `r` remaining, `t` seconds until units come back).
 */
export async function takeUnits(
  deps: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
  cost: number,
): Promise<RateVerdict> {
  const name = request.routeOptions.config.rateLimit ?? 'upload-urls'
  const { kind, id } = actorOf(request)
  const limit = deps.uploadUrlsPerMinute
  const verdict = await deps.rateLimiter.take({
    key: `${name}:${kind}:${id}`,
    ...{ cost, limit, windowSeconds: WINDOW_SECONDS },
  })
  reply.header('ratelimit-policy', `"${name}";q=${limit};w=${WINDOW_SECONDS}`)
  reply.header('ratelimit', `"${name}";r=${verdict.remaining};t=${verdict.resetSeconds}`)
  return verdict
}

/** Why an item past the limit got nothing. */
export const itemLimited = (deps: Limits, verdict: RateVerdict) =>
  rateLimited(deps.uploadUrlsPerMinute, WINDOW_SECONDS, verdict.resetSeconds)
