import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import type { SecurityEntry, SecurityLogQuery } from '../../security/index.ts'
import { randomSha256 } from '../builders.ts'
import { seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')

const entryOf = (organizationId: string, change: Partial<SecurityEntry> = {}): SecurityEntry => ({
  id: newId(),
  organizationId,
  at: NOW,
  event: 'access.refused',
  actor: { kind: 'api_key', id: newId() },
  ip: '192.0.2.7',
  projectId: null,
  code: 'forbidden',
  detail: 'This credential may not do this (image.write).',
  requestId: 'request-1',
  count: 1,
  ...change,
})

/** What every store of security logs does. */
export function securityLogContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`security log contract: ${name}`, () => {
    const harness = useHarness(factory)
    const log = () => harness().database.securityLog
    const organization = async () => (await seedProject(harness().database)).organizationId
    const list = (organizationId: string, query: Partial<SecurityLogQuery> = {}) =>
      log().list({ organizationId, projectIds: null, event: null, before: null, limit: 50, ...query })

    it('gives back what was written, to its organisation alone, newest first', async () => {
      const [organizationId, other] = [await organization(), await organization()]
      const first = entryOf(organizationId, { id: `01${newId().slice(2)}` })
      const second = entryOf(organizationId, {
        ...{ id: `02${newId().slice(2)}`, event: 'credential.refused', actor: null, ip: null, code: null },
        ...{ projectId: newId(), requestId: null, count: 3, detail: 'line\u0000 "quoted" \\ é' },
      })
      await log().save([first, second, entryOf(other)])
      expect(await list(organizationId)).toEqual([{ ...second, detail: expect.stringMatching(/^line. "q/u) }, first])
      expect(await list(newId())).toEqual([])
    })

    it('is paged, and filtered by event and project', async () => {
      const [organizationId, projectId] = [await organization(), newId()]
      const entries = [1, 2, 3, 4, 5].map(at =>
        entryOf(organizationId, {
          id: `0${at}${newId().slice(2)}`,
          event: at % 2 === 0 ? 'upload.refused' : 'access.refused',
          projectId: at > 3 ? projectId : null,
        }),
      )
      await log().save(entries)
      const ids = async (query: Partial<SecurityLogQuery>) => (await list(organizationId, query)).map(({ id }) => id[1])
      expect(await ids({ limit: 2 })).toEqual(['5', '4'])
      expect(await ids({ limit: 2, before: entries[3]?.id ?? '' })).toEqual(['3', '2'])
      expect(await ids({ event: 'upload.refused' })).toEqual(['4', '2'])
      expect(await ids({ projectIds: [projectId] })).toEqual(['5', '4'])
      expect(await ids({ projectIds: [projectId], event: 'upload.refused' })).toEqual(['4'])
      expect(await ids({ projectIds: [] })).toEqual([])
    })

    it('counts up an entry that is written again, and never down', async () => {
      const organizationId = await organization()
      const entry = entryOf(organizationId)
      for (const count of [1, 4, 4, 2]) await log().save([{ ...entry, count }])
      expect(await list(organizationId)).toEqual([{ ...entry, count: 4 }])
    })

    it('leaves out organisations that are gone, without losing the others', async () => {
      const organizationId = await organization()
      const entry = entryOf(organizationId)
      const gone = newId()
      await log().save([entryOf(gone), entry, entryOf(gone)])
      await log().save([])
      expect(await list(organizationId)).toEqual([entry])
      expect(await list(gone)).toEqual([])
    })

    it('is part of the transaction that it is written in', async () => {
      const organizationId = await organization()
      const broken = harness().database.transaction(async tx => {
        await tx.securityLog.save([entryOf(organizationId)])
        throw new Error('no')
      })
      await expect(broken).rejects.toThrow('no')
      expect(await list(organizationId)).toEqual([])
    })

    it('finds whom a refusal concerns', async () => {
      const project = await seedProject(harness().database)
      const { organizationId } = project
      const [id, keyHash] = [newId(), randomSha256()]
      await harness().database.installation.addApiKey({ id, organizationId, name: 'k', role: 'owner', keyHash })
      await harness().database.credentials.revokeApiKey(organizationId, id, NOW)
      expect(await log().findConcerned({ keyHash })).toEqual({ organizationId, actor: { kind: 'api_key', id } })
      expect(await log().findConcerned({ projectId: project.id })).toEqual({ organizationId, actor: null })
      expect(await log().findConcerned({ keyHash: randomSha256() })).toBeNull()
      expect(await log().findConcerned({ projectId: newId() })).toBeNull()
    })

    it('forgets what is older than it is told', async () => {
      const organizationId = await organization()
      const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)
      await log().save([-2, -1, 0, 1].map(offset => entryOf(organizationId, { at: at(offset) })))
      expect(await log().prune(NOW)).toBeGreaterThanOrEqual(2)
      expect((await list(organizationId)).map(entry => entry.at.getTime() - NOW.getTime()).sort()).toEqual([0, 1])
      expect(await log().prune(NOW)).toBe(0)
    })
  })
}
