import { describe, expect, it } from 'vitest'
import { type AuditEntry, type AuditQuery, NO_HASH, SEAL_BATCH, sealAudit, sealsAfter } from '../../audit/index.ts'
import { newId } from '../../ids.ts'
import { seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.123Z')

export const auditEntry = (organizationId: string, change: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ organizationId, id: newId(), at: NOW, action: 'image.deleted', actor: { kind: 'user', id: newId() } },
  ...{ projectId: null, subject: null, detail: 'An image was deleted', ip: '192.0.2.7', requestId: 'request-1' },
  ...change,
})

/** What every store of audit logs does. */
export function auditContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`audit contract: ${name}`, () => {
    const harness = useHarness(factory)
    const audit = () => harness().database.audit
    const organization = async () => (await seedProject(harness().database)).organizationId
    const list = (organizationId: string, query: Partial<AuditQuery> = {}) =>
      audit().list({
        ...{ organizationId, projectIds: null, action: null, actorId: null, subject: null, before: null, limit: 50 },
        ...query,
      })
    const numbered = (
      organizationId: string,
      count: number,
      change: (at: number) => Partial<AuditEntry> = () => ({}),
    ) =>
      Array.from({ length: count }, (_, at) =>
        auditEntry(organizationId, { id: `01${String(at).padStart(24, '0')}`, ...change(at) }),
      )

    it('gives back what was written, to its organisation alone, newest first', async () => {
      const [organizationId, other] = [await organization(), await organization()]
      const [first, second] = numbered(organizationId, 2, at =>
        at === 0
          ? {}
          : { projectId: newId(), subject: newId(), ip: null, requestId: null, detail: 'line "quoted" \\ é' },
      )
      if (!first || !second) throw new Error('two entries')
      await audit().add([first, second, auditEntry(other), auditEntry(newId())])
      expect(await list(organizationId)).toEqual([
        { ...second, seal: null },
        { ...first, seal: null },
      ])
      expect(await list(newId())).toEqual([])
    })

    it('is paged and filtered', async () => {
      const [organizationId, projectId, actor, subject] = [await organization(), newId(), newId(), newId()]
      const entries = numbered(organizationId, 5, at => ({
        ...(at % 2 === 0 ? { action: 'key.created' as const } : {}),
        ...(at > 2 ? { projectId, subject } : {}),
        ...(at === 1 ? { actor: { kind: 'user' as const, id: actor } } : {}),
      }))
      await audit().add(entries)
      const ids = async (query: Partial<AuditQuery>) => (await list(organizationId, query)).map(({ id }) => id.at(-1))
      expect(await ids({ limit: 2 })).toEqual(['4', '3'])
      expect(await ids({ limit: 2, before: entries[3]?.id ?? '' })).toEqual(['2', '1'])
      expect(await ids({ action: 'image.deleted' })).toEqual(['3', '1'])
      expect(await ids({ projectIds: [projectId] })).toEqual(['4', '3'])
      expect(await ids({ projectIds: [] })).toEqual([])
      expect(await ids({ actorId: actor })).toEqual(['1'])
      expect(await ids({ subject, action: 'key.created' })).toEqual(['4'])
    })

    it('is part of the transaction that it is written in', async () => {
      const organizationId = await organization()
      const broken = harness().database.transaction(async tx => {
        await tx.audit.add([auditEntry(organizationId)])
        throw new Error('no')
      })
      await expect(broken).rejects.toThrow('no')
      expect(await list(organizationId)).toEqual([])
    })

    it('is sealed in order, each entry once, however many do it', async () => {
      const organizationId = await organization()
      expect(await audit().lockHead(organizationId)).toEqual({ seq: 0, hash: NO_HASH })
      const entries = numbered(organizationId, SEAL_BATCH + 3)
      await audit().add(entries)
      expect(await audit().findUnsealed(10_000)).toContain(organizationId)
      expect(await audit().countUnsealed(organizationId)).toBe(SEAL_BATCH + 3)
      await Promise.all([1, 2, 3].map(() => sealAudit(harness())))
      expect(await audit().findUnsealed(10_000)).not.toContain(organizationId)
      expect(await audit().countUnsealed(organizationId)).toBe(0)
      const expected = sealsAfter({ seq: 0, hash: NO_HASH }, entries)
      const sealed = await audit().listSealed({ organizationId, afterSeq: 0, limit: 10_000 })
      expect(sealed.map(({ id, seq, prevHash, hash }) => ({ id, seq, prevHash, hash }))).toEqual(expected)
      expect(await audit().listSealed({ organizationId, afterSeq: SEAL_BATCH, limit: 2 })).toMatchObject([
        { seq: SEAL_BATCH + 1 },
        { seq: SEAL_BATCH + 2 },
      ])
      const { seq, hash } = expected.at(-1) ?? { seq: 0, hash: '' }
      expect(await audit().lockHead(organizationId)).toEqual({ seq, hash })
      const heads = await audit().listHeads({ after: '', limit: 10_000 })
      expect(heads.filter(head => head.organizationId === organizationId)).toEqual([{ organizationId, seq, hash }])
      expect(await audit().listHeads({ after: heads.at(-1)?.organizationId ?? '', limit: 5 })).toEqual([])
    })

    it('refuses a second seal and a second entry of the same id', async () => {
      const organizationId = await organization()
      const entry = auditEntry(organizationId)
      await audit().add([entry])
      const [seal] = sealsAfter({ seq: 0, hash: NO_HASH }, [entry])
      if (!seal) throw new Error('one seal')
      await audit().seal(organizationId, [seal])
      await expect(audit().seal(organizationId, [{ ...seal, seq: 2 }])).rejects.toThrow()
      await expect(audit().seal(organizationId, [{ ...seal, id: newId(), seq: 2 }])).rejects.toThrow()
      await expect(audit().add([entry])).rejects.toThrow()
      const next = auditEntry(organizationId)
      await audit().add([next])
      await expect(audit().seal(organizationId, [{ ...seal, id: next.id }])).rejects.toThrow()
      expect(await audit().listSealed({ organizationId, afterSeq: 0, limit: 9 })).toHaveLength(1)
    })

    it('goes with its organisation, and only then', async () => {
      const { id: projectId, organizationId } = await seedProject(harness().database)
      const { database } = harness()
      await audit().add([auditEntry(organizationId)])
      await database.organizations.remove(organizationId)
      expect(await list(organizationId)).toHaveLength(1)
      await database.projects.markDeleted(projectId, NOW)
      await database.projects.remove(projectId, NOW)
      await database.organizations.markDeleted(organizationId, NOW)
      await database.organizations.remove(organizationId)
      expect(await list(organizationId)).toEqual([])
    })
  })
}
