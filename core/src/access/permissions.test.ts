import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { testActor } from '../testing/index.ts'
import { authorize, may } from './authorize.ts'
import { ACTIONS, type Action, ROLES, type Role } from './permissions.ts'

/** The table "who may do what", written down a second time. */
const TABLE: Record<Action, readonly Role[]> = {
  'image.read': ['owner', 'admin', 'member', 'viewer'],
  'image.write': ['owner', 'admin', 'member'],
  'image.delete_own': ['owner', 'admin', 'member'],
  'image.delete': ['owner', 'admin'],
  'image.read_private': ['owner', 'admin', 'member'],
  'analysis.write': [],
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
      expect(may(testActor({ kind: 'service', scopes: [] }), newId(), action)).toBe(false)
    }
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
