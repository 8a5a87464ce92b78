import { KEYS_TIMEOUT_MS, MAX_KEYS_BYTES } from './limits.ts'

/**
 * The document at the issuer's JWKS address. Rejects when it does not come whole within KEYS_TIMEOUT_MS, is larger than
 * MAX_KEYS_BYTES, is no JSON, or lies behind a redirect: whoever can redirect could bring other keys.
 */
export async function fetchJwks(url: string, timeoutMs = KEYS_TIMEOUT_MS): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel()
    throw new Error(`The issuer answered ${answer.status} for its keys`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.byteLength
    if (size > MAX_KEYS_BYTES) throw new Error(`The keys of the issuer are larger than ${MAX_KEYS_BYTES} bytes`)
    chunks.push(chunk)
  }
  const document: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return document
}
