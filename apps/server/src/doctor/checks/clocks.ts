import { type Check, failed, ok } from '../check.ts'
import type { DoctorParts } from '../doctor-parts.ts'
import { signProbe, withoutQuery } from '../signed-probe.ts'

/** Signatures end by the second, and a worker counts as dead after half a minute of silence. `Date` headers have no fractions. */
export const MAX_SKEW_MS = 10_000

interface Skew {
  whose: string
  milliseconds: number
}

export const clocks: Check = {
  name: 'clocks',
  needs: ['database', 'storage'],
  advice: 'Let a time service (chrony, systemd-timesyncd) run on each machine; signatures and leases depend on it.',
  run: async parts => {
    const skews = [...(await databaseSkew(parts)), ...(await storageSkew(parts)), ...(await serverSkew(parts))]
    if (skews.length === 0) return ok('there is only this machine’s')
    const words = skews.map(({ whose, milliseconds }) => `${whose} ${(milliseconds / 1_000).toFixed(1)} s`).join(', ')
    const wrong = skews.some(({ milliseconds }) => Math.abs(milliseconds) > MAX_SKEW_MS)
    return wrong
      ? failed(`ahead of this machine: ${words}; at most ${MAX_SKEW_MS / 1_000} s`)
      : ok(`ahead of this machine: ${words}`)
  },
}

async function databaseSkew({ database }: DoctorParts): Promise<Skew[]> {
  if ('missing' in database) return []
  const { now, askedAt } = await database.part.inspect()
  return [{ whose: 'database', milliseconds: now.getTime() - askedAt.getTime() }]
}

/** Any answer tells the time, a refusal too. */
async function storageSkew({ uploads, web, probes, clock }: DoctorParts): Promise<Skew[]> {
  if ('missing' in uploads || uploads.part.kind !== 'stores') return []
  const { url } = await signProbe(uploads.part, { ...probes.upload(), at: clock.now() })
  return skewOf('storage', await web(withoutQuery(url)))
}

async function serverSkew({ server, web }: DoctorParts): Promise<Skew[]> {
  if ('missing' in server) return []
  return skewOf('server', await web(`${server.part.url}/api/health/liveness`).catch(() => null))
}

const skewOf = (whose: string, answer: { date: Date | null; askedAt: Date } | null): Skew[] =>
  answer?.date ? [{ whose, milliseconds: answer.date.getTime() - answer.askedAt.getTime() }] : []
