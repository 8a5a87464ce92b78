import { DomainError } from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../loopback.ts'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']
/** Probes call by whatever address the machine has, and learn nothing that matters; who may read figures, their own route decides. */
const PROBED = /^\/(?:(?:api\/)?health(?:\/|\?|$)|metrics(?:\?|$))/

export interface HostRules {
  publicUrl: string
  corsOrigins: readonly string[]
  /** Further names, with a port (only that one) or without (any). */
  trustedHosts: readonly string[]
}

const foreignHost = (): DomainError =>
  new DomainError('forbidden', 'foreign_host', 'This server does not answer under that name. Add it to TRUSTED_HOSTS.')

const foreignOrigin = (): DomainError =>
  new DomainError('forbidden', 'foreign_origin', 'Pages of another origin may not do this. Add it to CORS_ORIGINS.')

/**
 * Refuses requests under a foreign `Host`, because such a page could be one that had its own name point here (DNS rebinding), and those that
 * pages of other origins send with a cookie of ours. Deliveries are not asked: their signature says everything, they know
 * no cookie, and CDNs come under names of their own.
 */
export function checkHosts(app: FastifyInstance, rules: HostRules): void {
  const isOurs = createHostRule(rules)
  const isTrusted = createOriginRule(rules)
  app.addHook('onRequest', async request => {
    if (PROBED.test(request.url)) return
    if (!isOurs(request.headers.host, request.socket.localAddress)) throw foreignHost()
    const { authorization, cookie } = request.headers
    if (authorization !== undefined || cookie === undefined || SAFE_METHODS.includes(request.method)) return
    if (!isTrusted(request)) throw foreignOrigin()
  })
}

/**
 * Whether a `Host` is ours: that of PUBLIC_URL, a trusted one, the address that the connection came to, or a name of the machine itself. Those with
 * any port, because tunnels and containers have their own, and no page of somebody else can have such a name.
 */
export function createHostRule(rules: Pick<HostRules, 'publicUrl' | 'trustedHosts'>) {
  const { host: publicHost, protocol } = new URL(rules.publicUrl)
  const names = rules.trustedHosts.map(name => name.toLowerCase())
  const known = new Set([publicHost, ...names.map(name => parseHost(protocol, name)?.host ?? name)])
  // Those without a port of their own stand for every port.
  const anyPort = new Set(names.filter(name => !/:\d+$/.test(name)))
  return (host: string | undefined, localAddress?: string): boolean => {
    const url = host === undefined ? null : parseHost(protocol, host)
    if (!url) return false
    if (known.has(url.host) || anyPort.has(url.hostname) || isLoopback(url.hostname)) return true
    return localAddress !== undefined && url.hostname.replace(/^\[|\]$/g, '') === localAddress.replace(/^::ffff:/, '')
  }
}

/** Whether the page that sent this is one of ours; requests without `Origin` come from no page or from the same one. */
export function createOriginRule({ publicUrl, corsOrigins }: Pick<HostRules, 'publicUrl' | 'corsOrigins'>) {
  const allowed = new Set([new URL(publicUrl).origin, ...corsOrigins])
  return (request: Pick<FastifyRequest, 'headers'>): boolean => {
    const { origin, host } = request.headers
    return origin === undefined || allowed.has(origin) || isSameOrigin(origin, host)
  }
}

/** Whether the page came from the very name that is called; the `Host` itself has been judged before. */
export const isSameOrigin = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase()

/** Null for what is no host name, e.g. one with a path or a user in it. */
function parseHost(scheme: string, host: string): URL | null {
  if (!/^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/.test(host)) return null
  const text = `${scheme}//${host}`
  return URL.canParse(text) ? new URL(text) : null
}
