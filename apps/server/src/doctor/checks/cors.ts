import { type Check, failed, ok, skipped } from '../check.ts'
import { signProbe } from '../signed-probe.ts'
import type { WebAnswer } from '../web.ts'

export const cors: Check = {
  name: 'browser uploads',
  needs: ['storage'],
  advice: 'Run `storage apply`, or allow the origins where the storage is run (MinIO: MINIO_API_CORS_ALLOW_ORIGIN).',
  run: async ({ uploads, origins, probes, web, clock }) => {
    if ('missing' in uploads) return skipped(uploads.missing)
    if (origins.length === 0) return skipped('no page of another origin uploads (CORS_ORIGINS)')
    const { url, headers } = await signProbe(uploads.part, { ...probes.upload(), at: clock.now() })
    const names = Object.keys(headers).map(name => name.toLowerCase())
    for (const origin of origins) {
      const asked = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': names.join(','),
      }
      const answer = await web(url, { method: 'OPTIONS', headers: asked })
      if (!allows(answer, origin, names)) return failed(`a page of ${origin} may not upload (${answer.status})`)
    }
    return ok(`pages of ${origins.join(', ')} may upload`)
  },
}

/** Whether a browser would go on after this answer. */
function allows({ headers }: WebAnswer, origin: string, names: readonly string[]): boolean {
  const listed = (header: string) => (headers.get(header) ?? '').toLowerCase().split(/\s*,\s*/)
  const allowed = listed('access-control-allow-headers')
  return (
    ['*', origin].includes(headers.get('access-control-allow-origin') ?? '') &&
    listed('access-control-allow-methods').some(method => ['put', '*'].includes(method)) &&
    names.every(name => allowed.includes(name) || allowed.includes('*'))
  )
}
