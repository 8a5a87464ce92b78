import { describe, expect, it } from 'vitest'
import { defaultProjectSettings } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { seedProject } from '../seed.ts'
import { apiKeyCases } from './api-key-cases.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every store of projects does. */
export function projectStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`project store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const projects = () => harness().database.projects

    it('finds a project with its settings, for its organisation alone', async () => {
      const project = await seedProject(harness().database, { settings: { retentionDays: 3 } })
      const found = await projects().find(project.organizationId, project.id)
      expect(found).toEqual(project)
      expect(found).toMatchObject({ name: 'default', settings: { ...defaultProjectSettings(), retentionDays: 3 } })
      expect(await projects().load(project.id)).toEqual(project)
      const other = await seedProject(harness().database)
      expect(await projects().find(other.organizationId, project.id)).toBeNull()
      expect(await projects().find(newId(), project.id)).toBeNull()
      expect(await projects().load(newId())).toBeNull()
    })

    it('lists projects, oldest first, as far as the credential reaches', async () => {
      const first = await seedProject(harness().database)
      const { organizationId } = first
      const second = await seedProject(harness().database, { organizationId, name: 'second' })
      const ids = async (allowed: readonly string[] | null) =>
        (await projects().list(organizationId, allowed)).map(project => project.id)
      expect((await ids(null)).sort()).toEqual([first.id, second.id].sort())
      expect(await ids([second.id, newId()])).toEqual([second.id])
      expect(await ids([])).toEqual([])
      expect(await projects().findDefault(organizationId, null)).toEqual(first)
      expect(await projects().findDefault(organizationId, [second.id])).toEqual(second)
      expect(await projects().findDefault(organizationId, [])).toBeNull()
      expect(await projects().findDefault(newId(), null)).toBeNull()
    })
  })
}

const NOW = new Date('2026-03-01T12:00:00.000Z')
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

/** What every store of credentials does. */
export function credentialStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`credential store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database
    const credentials = () => db().credentials
    const organization = async () => (await seedProject(db())).organizationId

    apiKeyCases(db)

    it('finds the actor behind an API key', async () => {
      const [organizationId, id, keyHash] = [await organization(), newId(), randomSha256()]
      await db().installation.addApiKey({ id, organizationId, name: 'key', role: 'owner', keyHash })
      const actor = { kind: 'api_key', id, organizationId, role: 'owner', projectIds: null, scopes: null }
      expect(await credentials().findByApiKey(keyHash)).toEqual({ actor, expiresAt: null })
      expect(await credentials().findByApiKey(randomSha256())).toBeNull()
    })

    it('spends a sign-in link once, however many try', async () => {
      const [organizationId, tokenHash] = [await organization(), randomSha256()]
      await credentials().addSignInLink({ organizationId, tokenHash, expiresAt: inSeconds(60) })
      const tries = Array.from({ length: 10 }, () => credentials().redeemSignInLink(tokenHash, NOW))
      const spent = (await Promise.all(tries)).filter(answer => answer !== null)
      expect(spent).toEqual([{ organizationId }])
      expect(await credentials().redeemSignInLink(tokenHash, NOW)).toBeNull()
    })

    it('refuses sign-in links that are unknown or expired', async () => {
      const [organizationId, tokenHash] = [await organization(), randomSha256()]
      await credentials().addSignInLink({ organizationId, tokenHash, expiresAt: inSeconds(60) })
      expect(await credentials().redeemSignInLink(randomSha256(), NOW)).toBeNull()
      expect(await credentials().redeemSignInLink(tokenHash, inSeconds(61))).toBeNull()
    })

    it('knows a session until it ends or is removed', async () => {
      const [organizationId, tokenHash, id] = [await organization(), randomSha256(), newId()]
      await credentials().addSession({ id, organizationId, tokenHash, expiresAt: inSeconds(60) })
      expect(await credentials().findBySession(tokenHash, NOW)).toMatchObject({ kind: 'user', organizationId })
      expect(await credentials().findBySession(tokenHash, inSeconds(61))).toBeNull()
      expect(await credentials().findBySession(randomSha256(), NOW)).toBeNull()
      await credentials().removeSession(tokenHash)
      await credentials().removeSession(tokenHash)
      expect(await credentials().findBySession(tokenHash, NOW)).toBeNull()
    })

    it('gives API keys, links and sessions no common ground', async () => {
      const [organizationId, hash] = [await organization(), randomSha256()]
      await db().installation.addApiKey({ id: newId(), organizationId, name: 'key', role: 'owner', keyHash: hash })
      expect(await credentials().findBySession(hash, NOW)).toBeNull()
      expect(await credentials().redeemSignInLink(hash, NOW)).toBeNull()
    })
  })
}
