import type { SignedUrls } from '@calotype/sdk'

export interface SignedUrlSourceDeps {
  fetch: (ids: readonly string[]) => Promise<SignedUrls>
  now?: () => number
  /** How many URLs are remembered. */
  keep?: number
}

export type SignedUrlSource = ReturnType<typeof createSignedUrlSource>

const COLLECT_MS = 20
const BATCH = 50
/** An URL that is about to expire is not handed out any more. */
const SPARE_MS = 20_000
const KEEP = 5_000

/** Tiles ask one by one as they come into view; the server is asked for fifty at once, and once per window. */
export function createSignedUrlSource({ fetch, now = Date.now, keep = KEEP }: SignedUrlSourceDeps) {
  const known = new Map<string, { url: string; expiresAt: number }>()
  let wanted = new Map<string, ((url: string | null) => void)[]>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const peek = (id: string): string | null => {
    const found = known.get(id)
    return found !== undefined && found.expiresAt - SPARE_MS > now() ? found.url : null
  }

  const flush = () => {
    const batch = wanted
    wanted = new Map()
    timer = undefined
    const ids = [...batch.keys()]
    for (let start = 0; start < ids.length; start += BATCH) void ask(ids.slice(start, start + BATCH), batch)
  }

  const ask = async (ids: readonly string[], batch: ReadonlyMap<string, ((url: string | null) => void)[]>) => {
    const answer = await fetch(ids).catch((): SignedUrls => ({ items: [], not_found: [] }))
    for (const { image_id, download_url, expires_at } of answer.items) {
      known.delete(image_id)
      known.set(image_id, { url: ownAddress(download_url), expiresAt: Date.parse(expires_at) })
    }
    for (const id of known.keys()) {
      if (known.size <= keep) break
      known.delete(id)
    }
    for (const id of ids) for (const done of batch.get(id) ?? []) done(known.get(id)?.url ?? null)
  }

  return {
    peek,
    forget: (id: string) => known.delete(id),
    load: (id: string): Promise<string | null> => {
      const url = peek(id)
      if (url !== null) return Promise.resolve(url)
      return new Promise(resolve => {
        wanted.set(id, [...(wanted.get(id) ?? []), resolve])
        if (timer === undefined) timer = setTimeout(flush, COLLECT_MS)
      })
    },
  }
}

/**
 * The embedded delivery answers under every name of the server, but its URLs carry only one (say 127.0.0.1 when the
 * console was opened as localhost), and the content security policy allows pictures from our own address only.
 */
export function ownAddress(url: string): string {
  const parsed = URL.parse(url)
  return parsed?.pathname.startsWith('/cdn/') ? `${parsed.pathname}${parsed.search}` : url
}
