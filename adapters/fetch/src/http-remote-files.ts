import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { importFailed, importInterrupted, importRefused, type RemoteFile, type RemoteFiles } from '@calotype/core'
import { checkAddresses, checkUrl, type UrlRules } from './check-url.ts'
import { guardBody } from './guard-body.ts'
import { type ResolvedAddress, request } from './request.ts'
import { startTotal, type Times, type Total } from './times.ts'

export const MAX_REDIRECTS = 5

export interface HttpRemoteFilesConfig extends UrlRules {
  userAgent: string
  /** Every address of a name; the system's own resolver unless told. */
  resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>
  /** In milliseconds: to connect, between two pieces of the answer, and altogether. */
  times?: Times
}

const TIMES: Times = { connectMs: 10_000, idleMs: 15_000, totalMs: 60_000 }
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]
/** Answers after which another try may bring the file. */
const PASSING: readonly number[] = [408, 425, 429]

/**
 * Fetches by Node's own client: each address is judged after its name was resolved and is then the very one that is called, so that a name
 * which resolves to something else the next time gains nothing. No cookies, no credentials, no cache, no decoding.
 */
export function createHttpRemoteFiles(config: HttpRemoteFilesConfig): RemoteFiles {
  const resolve = config.resolve ?? (hostname => lookup(hostname, { all: true, verbatim: true }))
  const times = config.times ?? TIMES
  return {
    check: url => checkUrl(url, config).href,
    open: async text => {
      const total = startTotal(times.totalMs)
      try {
        return await follow({ ...config, resolve, times }, checkUrl(text, config), total)
      } catch (error) {
        total.stop()
        throw error
      }
    },
  }
}

type Settings = Required<HttpRemoteFilesConfig>

async function follow(settings: Settings, first: URL, total: Total): Promise<RemoteFile> {
  let url = first
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const addresses = await total.within(resolveName(settings, url))
    checkAddresses(
      addresses.map(each => each.address),
      settings,
    )
    const answer = await request({ url, addresses, userAgent: settings.userAgent, times: settings.times, total })
    const status = answer.statusCode ?? 0
    if (!REDIRECTS.includes(status)) return take(settings, answer, status, total)
    answer.destroy()
    const { location } = answer.headers
    if (location === undefined) throw importFailed('the server redirected to nowhere')
    url = checkUrl(location, settings, url)
  }
  throw importRefused(`it was redirected more than ${MAX_REDIRECTS} times`)
}

async function resolveName({ resolve }: Settings, { hostname }: URL): Promise<readonly ResolvedAddress[]> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const found = await resolve(bare).catch((cause: unknown) => {
    throw importInterrupted('its name could not be resolved', cause)
  })
  if (found.length === 0) throw importInterrupted('its name has no address')
  return found
}

function take({ times }: Settings, answer: IncomingMessage, status: number, total: Total): RemoteFile {
  const fail = (error: Error): never => {
    answer.destroy()
    throw error
  }
  if (status >= 500 || PASSING.includes(status)) fail(importInterrupted(`the server answered ${status}`))
  if (status !== 200) fail(importFailed(`the server answered ${status}`))
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? ''
  // It was asked for the bytes as they are; what it packed nevertheless is not unpacked here.
  if (encoding !== '' && encoding !== 'identity') fail(importFailed('the server sent it compressed'))
  const announced = answer.headers['content-length']
  return {
    body: guardBody(answer, times.idleMs, total),
    sizeBytes: announced === undefined ? null : Number(announced),
  }
}
