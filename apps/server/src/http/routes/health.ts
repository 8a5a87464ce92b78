import { Liveness, Readiness } from '@calotype/contract'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'

/** A part that has not answered by then counts as down. */
const CHECK_TIMEOUT_MS = 3_000

type Part = Readiness['parts']['database']

async function probe(check: () => Promise<void>): Promise<Part> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_TIMEOUT_MS)
  })
  try {
    await Promise.race([check(), late])
    return { status: 'ok' }
  } catch {
    return { status: 'down' }
  } finally {
    clearTimeout(timer)
  }
}

function probeEngine(deps: Deps): Part {
  const { ok, processes, busy, queued, isolation } = deps.processor.health()
  return {
    status: ok ? 'ok' : 'down',
    detail: `${processes} processes, ${busy} busy, ${queued} waiting; isolated by ${isolation}`,
  }
}

async function readiness(deps: Deps): Promise<Readiness> {
  const [database, storage, queue] = await Promise.all([
    probe(() => deps.database.check()),
    probe(() => deps.blobs.check()),
    probe(() => deps.checkQueue()),
  ])
  const parts = { database, storage, queue, engine: probeEngine(deps) }
  return { status: Object.values(parts).every(part => part.status === 'ok') ? 'ok' : 'down', parts }
}

/** `GET /api/health/liveness`, `/api/health/readiness` and `/health`. */
export function health(app: App, deps: Deps): void {
  const open = { config: { open: true } }
  const live = { summary: 'The process answers', tags: ['operation'], security: [], response: { 200: Liveness } }
  app.get('/api/health/liveness', { ...open, schema: live }, async () => ({ status: 'ok' as const }))

  const ready = {
    summary: 'Every part answers',
    tags: ['operation'],
    security: [],
    response: { 200: Readiness, 503: Readiness },
  }
  for (const url of ['/api/health/readiness', '/health']) {
    app.get(url, { ...open, schema: ready }, async (_request, reply) => {
      const answer = await readiness(deps)
      return reply
        .code(answer.status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(answer)
    })
  }
}
