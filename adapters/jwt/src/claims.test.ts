import { newId, type Role } from '@calotype/core'
import { describe, expect, it } from 'vitest'
import { type ClaimRules, readClaims } from './claims.ts'
import { CLOCK_TOLERANCE_SECONDS, MAX_SUBJECT_LENGTH, MAX_TOKEN_LIFE_SECONDS, MAX_TOKEN_PROJECTS } from './limits.ts'

const NOW = new Date('2026-03-01T12:00:00.500Z')
const now = Math.floor(NOW.getTime() / 1000)
const organizationId = newId()

const RULES: ClaimRules = {
  issuer: 'issuer',
  audience: 'audience',
  organization: { id: organizationId },
  role: null,
  projectsClaim: null,
}
const CLAIMS = { iss: 'issuer', aud: 'audience', sub: 'me', exp: now + 60 }

const read = (claims: Record<string, unknown> = {}, rules: Partial<ClaimRules> = {}) =>
  readClaims({ ...CLAIMS, ...claims }, { ...RULES, ...rules }, NOW)

describe('claims', () => {
  it('say who it is, where, and until when', () => {
    const expiresAt = new Date((now + 60) * 1000)
    expect(read()).toEqual({ subject: 'me', organizationId, role: null, projectIds: null, expiresAt })
    expect(read({ aud: ['audience'] })).not.toBeNull()
  })

  it('count to the second, with a clock that may be a little off', () => {
    expect(read({ exp: now })).toBeNull()
    expect(read({ exp: now + 1 })).not.toBeNull()
    const far = now + MAX_TOKEN_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS
    expect([read({ exp: far }), read({ exp: far + 1 })]).toEqual([expect.anything(), null])
    for (const name of ['nbf', 'iat']) {
      expect(read({ [name]: now + CLOCK_TOLERANCE_SECONDS })).not.toBeNull()
      expect(read({ [name]: now + CLOCK_TOLERANCE_SECONDS + 1 })).toBeNull()
      expect(read({ [name]: null })).toBeNull()
    }
  })

  it('bound the subject', () => {
    expect(read({ sub: 's'.repeat(MAX_SUBJECT_LENGTH) })).not.toBeNull()
    for (const sub of ['s'.repeat(MAX_SUBJECT_LENGTH + 1), 'a b', 'a\u0000', 'ä', '', undefined, {}])
      expect(read({ sub })).toBeNull()
  })

  it('name projects where the rules ask for it, and then always', () => {
    const rules = { projectsClaim: 'projects' }
    const ids = Array.from({ length: MAX_TOKEN_PROJECTS }, newId)
    expect(read({ projects: ids }, rules)?.projectIds).toEqual(ids)
    expect(read({ projects: [] }, rules)?.projectIds).toEqual([])
    for (const projects of [undefined, null, '*', ['*'], [1], [...ids, newId()], { 0: ids[0] }])
      expect(read({ projects }, rules)).toBeNull()
  })

  it('are looked up by their own names only', () => {
    for (const claim of ['constructor', '__proto__', 'toString']) {
      expect(read({}, { organization: { claim } })).toBeNull()
      expect(read({}, { projectsClaim: claim })).toBeNull()
      expect(read({}, { role: { claim, map: new Map<string, Role>([['x', 'owner']]) } })).toBeNull()
    }
  })
})
