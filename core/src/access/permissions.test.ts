import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { testActor } from '../testing/index.ts'
import { actionsOf, authorize, authorizeEverywhere, may } from './authorize.ts'
import { ACTIONS, type Action, isWithin, ROLES, type Role, SCOPES } from './permissions.ts'

/** The table "who may do what", written down a second time. */
const TABLE: Record<Action, readonly Role[]> = {
  'image.read': ['owner', 'admin', 'member', 'viewer'],
  'image.write': ['owner', 'admin', 'member'],
  'image.delete_own': ['owner', 'admin', 'member'],
  'image.delete': ['owner', 'admin'],
  'image.read_private': ['owner', 'admin', 'member'],
  'analysis.write': [],
  'share.manage': ['owner', 'admin', 'member'],
  'project.manage': ['owner', 'admin'],
  'access.manage': ['owner', 'admin'],
  'organization.own': ['owner'],
}
const CASES = ACTIONS.flatMap(action => ROLES.map(role => ({ action, role, allowed: TABLE[action].includes(role) })))

describe('who may do what', () => {
  it.each(CASES)('$role and $action: $allowed', ({ action, role, allowed }) => {
    const projectId = newId()
    for (const projectIds of [null, [projectId], [newId(), projectId]]) {
      const actor = testActor({ role, projectIds })
      expect(may(actor, projectId, action)).toBe(allowed)
      if (allowed) authorize(actor, projectId, action)
      else expect(() => authorize(actor, projectId, action)).toThrow(expect.objectContaining({ code: 'forbidden' }))
    }
  })

  it('is decided for a service by its scopes alone', () => {
    for (const action of ACTIONS) {
      const service = testActor({ kind: 'service', role: 'owner', scopes: ['analysis.write'] })
      expect(may(service, newId(), action)).toBe(action === 'analysis.write')
      for (const scopes of [[], null])
        expect(may(testActor({ kind: 'service', role: 'owner', scopes }), newId(), action)).toBe(false)
    }
  })

  it('is narrowed by the scopes of a key, never widened', () => {
    const narrowed = testActor({ role: 'member', scopes: ['image.read', 'image.delete', 'analysis.write'] })
    expect(actionsOf(narrowed)).toEqual(['image.read'])
    expect(actionsOf(testActor({ scopes: [] }))).toEqual([])
  })

  it('is decided for the organisation as a whole by role and scopes', () => {
    for (const { action, role, allowed } of CASES) {
      const actor = testActor({ role })
      if (allowed) authorizeEverywhere(actor, action)
      else expect(() => authorizeEverywhere(actor, action)).toThrow(expect.objectContaining({ code: 'forbidden' }))
    }
    const narrowed = testActor({ scopes: ['image.read'] })
    expect(() => authorizeEverywhere(narrowed, 'access.manage')).toThrow()
  })

  it('orders the roles, and hands out no scope over access itself', () => {
    const order = ROLES.map(role => ROLES.map(bound => isWithin(role, bound)))
    expect(order).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ])
    const scopes: readonly Action[] = SCOPES
    expect(ACTIONS.filter(action => !scopes.includes(action))).toEqual([
      'share.manage',
      'access.manage',
      'organization.own',
    ])
  })

  it('ends at the projects of the credential, which does not learn that others exist', () => {
    const bound = testActor({ projectIds: [newId()] })
    for (const action of ACTIONS) {
      expect(may(bound, newId(), action)).toBe(false)
      expect(() => authorize(bound, newId(), action)).toThrow(expect.objectContaining({ code: 'not_found' }))
    }
    const viewer = testActor({ role: 'viewer', projectIds: [] })
    expect(() => authorize(viewer, newId(), 'image.delete')).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})
