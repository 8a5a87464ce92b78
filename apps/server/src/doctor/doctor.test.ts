import { Readable } from 'node:stream'
import { newId, newProbeId, originalKey } from '@calotype/core'
import { describe, expect, it } from 'vitest'
import { fakeDeployment, leftOf } from '../testing/fake-deployment.ts'
import { FAULTS, type Fault } from '../testing/fake-faults.ts'
import { EXIT, examine } from './doctor.ts'
import { LEFT_AFTER_MS } from './probes.ts'

const BY = { projectId: '', purpose: 'care' as const }
const WRITE = { maxBytes: 1e6, contentType: '' }

async function run(scene: ReturnType<typeof fakeDeployment>) {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  const code = await examine(scene.parts, { write, interactive: false, json: true })
  const { ok, stopped, checks }: Report = JSON.parse(text)
  const named = (outcome: string) => checks.filter(check => check.outcome === outcome).map(({ name }) => name)
  return { code, ok, stopped, checks, failed: named('failed'), skipped: named('skipped') }
}

interface Report {
  ok: boolean
  stopped: boolean
  checks: { name: string; outcome: string; found: string; advice: string | null }[]
}

it.each([1, 0])('finds nothing wrong with a sound deployment, and leaves nothing in it (%i workers)', async workers => {
  const scene = fakeDeployment([], { workers })
  const { code, ok, failed, skipped } = await run(scene)
  expect([code, ok, failed, skipped]).toEqual([EXIT.well, true, [], []])
  expect(await leftOf(scene.blobs)).toEqual([])
})

/** Which check finds a fault, and what it says. What needs that check is skipped. */
const FOUND_BY: Record<Fault, [check: string, words: RegExp]> = {
  'database away': ['database', /did not answer/],
  'database old': ['database', /14\.2/],
  'migrations missing': ['schema', /0009-messages/],
  'database too new': ['schema', /newer/],
  'database clock wrong': ['clocks', /database 3600/],
  'storage away': ['storage', /could not be reached/],
  'storage alters bytes': ['storage', /not what is read/],
  'storage keeps objects': ['storage', /cannot be removed/],
  'storage clock wrong': ['clocks', /storage 3600/],
  'server clock wrong': ['clocks', /server 3600/],
  'server not ready': ['server', /database down/],
  'server is another': ['server', /something else/],
  'bucket readable': ['bucket is private', /anybody can read/],
  'bucket listable': ['bucket is private', /anybody can list/],
  'settings differ': ['bucket settings', /MaxAgeSeconds/],
  'rules of others': ['bucket settings', /expires uploads/],
  'no CORS': ['browser uploads', /app\.example\.org may not upload/],
  'type free': ['upload URLs', /took another type$/],
  'length free': ['upload URLs', /took fewer bytes, more bytes$/],
  'hash free': ['upload URLs', /took another SHA-256$/],
  overwrites: ['upload URLs', /good twice/],
  'expiry free': ['upload URLs', /took an expired URL$/],
  'signature free': ['upload URLs', /took no signature$/],
  'takes nothing': ['upload URLs', /what was signed was not taken \(403\)/],
  'answers 500': ['upload URLs', /no clear answer/],
  'key broken': ['CDN keys', /cannot be verified/],
  'key unknown': ['CDN delivers signed', /K1 is answered by 403/],
  'viewers unrestricted': ['CDN refuses unsigned', /no signature brings the picture/],
  'edge keeps answers': ['CDN refuses unsigned', /no signature brings the picture/],
  'edge forgets expiry': ['CDN refuses unsigned', /an old signature brings the picture/],
  'public closed': ['CDN delivers public', /403/],
  'originals exposed': ['CDN hides originals', /can be fetched/],
  'events lost': ['storage events', /did not arrive/],
  'dead letters': ['dead letters', /3 events/],
  'dead letters unknown': ['dead letters', /no queue of dead letters/],
  'detection queue away': ['detection queue', /away/],
  'library old': ['image engine', /vips 8\.1/],
  'Redis away': ['Redis', /away/],
  'mail away': ['mail', /away/],
  'disk full': ['disk space', /0\.0 GiB/],
  'one probe stays': ['clean-up', /1 probes/],
}

it.each(FAULTS)('finds by its own check, and by no other: %s', async fault => {
  const [check, words] = FOUND_BY[fault]
  const { code, ok, failed, checks } = await run(fakeDeployment([fault]))
  expect([code, ok, failed]).toEqual([EXIT.broken, false, [check]])
  const finding = checks.find(({ name }) => name === check)
  expect(finding?.found).toMatch(words)
  expect(finding?.advice).toMatch(/^\S.{20,}/)
})

it('hears of lost events where no worker runs, too', async () => {
  expect((await run(fakeDeployment(['events lost'], { workers: 0 }))).failed).toEqual(['storage events'])
})

describe('an interrupted run', () => {
  it('begins no further check, and removes what it wrote', async () => {
    const scene = fakeDeployment()
    const { web } = scene.parts
    const parts = {
      ...scene.parts,
      web: async (...asked: Parameters<typeof web>) => {
        const answer = await web(...asked)
        if (asked[1]?.method === 'PUT' && answer.status === 200) scene.stop.abort()
        return answer
      },
    }
    const { code, ok, stopped, checks } = await run({ ...scene, parts })
    expect([code, ok, stopped]).toEqual([EXIT.stopped, false, true])
    expect(checks.map(({ name }) => name)).not.toContain('CDN keys')
    expect(checks.at(-1)).toMatchObject({ name: 'clean-up', outcome: 'ok' })
    expect(await leftOf(scene.blobs)).toEqual([])
  })

  it('that was killed is tidied up by the next one, which touches neither images nor a run beside it', async () => {
    const { parts, blobs } = fakeDeployment()
    const clock = { now: () => new Date(parts.clock.now().getTime() + 2 * LEFT_AFTER_MS) }
    const put = (key: string) => blobs.put(key, Readable.from(['x']), WRITE, BY)
    const [image, old] = [originalKey(newId()), originalKey(newProbeId())]
    await put(image)
    await put(old)
    expect(await parts.probes.remove(parts.clock.now())).toEqual([])
    expect(await leftOf(blobs)).toEqual([old])
    await parts.probes.remove(clock.now())
    expect(await leftOf(blobs)).toEqual([])
    expect(await blobs.head(image, BY)).not.toBeNull()
  })
})
