import { Liveness, Readiness } from '@calotype/contract'
import type { Deps } from '../../deps.ts'
import type { Part } from '../../health-parts.ts'
import type { App } from '../app.ts'

/** A part that has not answered by then counts as down. */
const CHECK_TIMEOUT_MS = 3_000

type HealthDeps = Pick<Deps, 'health' | 'stopping'>
type Answer = Readiness['parts']['database']

async function probe({ check }: Part): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_TIMEOUT_MS)
  })
  try {
    const detail = await Promise.race([check(), late])
    return { status: 'ok', ...(typeof detail === 'string' ? { detail } : {}) }
  } catch {
    return { status: 'down' }
  } finally {
    clearTimeout(timer)
  }
}

const PARTS = ['database', 'storage', 'events', 'queue', 'engine', 'storage_events', 'cache'] as const

/** A process that is stopping is not ready any more: whoever balances load takes it out before its last request ends. */
async function readiness({ health, stopping }: HealthDeps): Promise<Readiness> {
  const present = PARTS.flatMap(name => {
    const part = health[name]
    return part ? [{ name, part }] : []
  })
  const answers = await Promise.all(
    present.map(async ({ name, part }) => ({ name, vital: part.vital, answer: await probe(part) })),
  )
  const ready = !stopping.aborted && answers.every(({ vital, answer }) => !vital || answer.status === 'ok')
  const parts = Readiness.shape.parts.parse(Object.fromEntries(answers.map(({ name, answer }) => [name, answer])))
  return { status: ready ? 'ok' : 'down', parts }
}

/** `GET /api/health/liveness`, `/api/health/readiness` and `/health`. */
export function health(app: App, deps: HealthDeps): void {
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
