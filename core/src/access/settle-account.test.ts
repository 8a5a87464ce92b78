import { describe, expect, it } from 'vitest'
import { createTeam } from '../testing/index.ts'
import { findAccountActor } from './account-actor.ts'
import { checkRegistration, type RegistrationMode, type Tickets } from './check-registration.ts'
import { inviteMember } from './invite-member.ts'
import type { Person } from './membership-store.ts'
import { settleAccount } from './settle-account.ts'
import { createSignInLink, redeemSignInLink, SESSION_SECONDS } from './sign-in.ts'

const NOTHING: Tickets = { invitation: null, linkSession: null }

async function scene(registration: RegistrationMode = 'open') {
  const team = await createTeam()
  const { world, organizationId } = team
  const { credentials, memberships } = world.memory
  const deps = { ...team.deps, registration }
  const link = async () => {
    const token = await createSignInLink({ credentials, clock: world.clock }, { organizationId })
    return (await redeemSignInLink({ credentials, clock: world.clock }, { token })).session
  }
  const settle = (person: Person, tickets: Partial<Tickets> = {}) =>
    settleAccount(deps, team.asPerson(person), { ...NOTHING, ...tickets })
  const check = (email: string, tickets: Partial<Tickets> = {}) =>
    checkRegistration(deps, { ...NOTHING, ...tickets, email })
  const invite = async (email: string, by = world.owner) => {
    const { acceptUrl } = await inviteMember(team.deps, by, { organizationId, email, role: 'viewer' })
    return acceptUrl.split('#invitation=')[1] ?? ''
  }
  const places = async (person: Person) =>
    (await memberships.listByUser(person.id)).map(({ organization, membership }) => [
      organization.name,
      membership.role,
    ])
  return {
    ...team,
    link,
    settle,
    check,
    invite,
    places,
    installed: (await world.memory.organizations.find(organizationId))?.name,
  }
}

describe('a new account', () => {
  it('gets an organisation named after its person, once however often', async () => {
    const { person, settle, places, world } = await scene()
    const ada = await person('Ada Lovelace')
    await Promise.all([settle(ada), settle(ada)])
    await settle(ada)
    expect(await places(ada)).toEqual([["Ada's organisation", 'owner']])
    const [first] = await world.memory.memberships.listByUser(ada.id)
    expect(await world.memory.projects.list(first?.organization.id ?? '', null)).toMatchObject([{ name: 'default' }])
  })

  it('with an invitation joins that organisation and makes no other', async () => {
    const { person, settle, places, invite, installed } = await scene()
    const ben = await person('Ben')
    await settle(ben, { invitation: await invite(ben.email) })
    expect(await places(ben)).toEqual([[installed, 'viewer']])
  })

  it('with a bad invitation is told so, and settled by the next sign-in', async () => {
    const { person, settle, places, invite } = await scene()
    const ben = await person('Ben')
    const invitation = await invite('somebody.else@example.com')
    await expect(settle(ben, { invitation })).rejects.toMatchObject({ code: 'invitation_for_other' })
    expect(await places(ben)).toEqual([])
    await settle(ben)
    expect(await places(ben)).toHaveLength(1)
  })

  it('with the one-time link owns the installation’s organisation, if nobody is in it; the link’s session ends', async () => {
    const { person, settle, places, link, world, organizationId, installed } = await scene()
    const [ada, ben] = [await person('Ada'), await person('Ben')]
    const [first, second] = [await link(), await link()]
    await Promise.all([settle(ada, { linkSession: first }), settle(ben, { linkSession: second })])
    const owners = [...(await places(ada)), ...(await places(ben))].filter(([name]) => name === installed)
    expect(owners).toEqual([[installed, 'owner']])
    expect(world.memory.inspect().sessions.size).toBe(1)
    const notes = [...world.memory.inspect().securityLog.values()].filter(
      note => note.organizationId === organizationId,
    )
    expect(notes).toMatchObject([{ event: 'member.joined' }])
  })

  it('gets nothing for a link that has expired, or was made up', async () => {
    const { person, settle, places, link, world, installed } = await scene()
    const linkSession = await link()
    world.clock.advance(SESSION_SECONDS * 1000)
    const [ada, ben] = [await person('Ada'), await person('Ben')]
    await settle(ada, { linkSession })
    await settle(ben, { linkSession: 'cal_session_made_up' })
    for (const each of [ada, ben]) expect((await places(each)).map(([name]) => name)).not.toContain(installed)
  })

  it('where registration is closed gets no organisation of its own', async () => {
    const { person, settle, places } = await scene('closed')
    const ada = await person('Ada')
    await settle(ada)
    expect(await places(ada)).toEqual([])
  })
})

describe('registration', () => {
  it('that is open takes everybody, and looks at invitations all the same', async () => {
    const { check, invite, world } = await scene()
    await check('anybody@example.com')
    const invitation = await invite('ben@example.com')
    await check('BEN@example.com', { invitation })
    await expect(check('eve@example.com', { invitation })).rejects.toMatchObject({ code: 'invitation_for_other' })
    await expect(check('ben@example.com', { invitation: 'no' })).rejects.toMatchObject({ code: 'not_found' })
    world.clock.advance(8 * 86_400_000)
    await expect(check('ben@example.com', { invitation })).rejects.toMatchObject({ code: 'invitation_gone' })
  })

  it('that is closed takes the invited, and the first one with the link', async () => {
    const { check, invite, link, member } = await scene('closed')
    const closed = { code: 'registration_closed', kind: 'forbidden' }
    await expect(check('anybody@example.com')).rejects.toMatchObject(closed)
    await check('ben@example.com', { invitation: await invite('ben@example.com') })
    const linkSession = await link()
    await check('ada@example.com', { linkSession })
    await expect(check('ada@example.com', { linkSession: 'made up' })).rejects.toMatchObject(closed)
    await member('Ada', 'owner')
    await expect(check('eve@example.com', { linkSession })).rejects.toMatchObject(closed)
  })
})

describe('a signed-in person', () => {
  it('acts in the organisation of their session, else in the one they joined first, else in none', async () => {
    const { person, settle, member, organizationId, world } = await scene()
    const { memberships } = world.memory
    const { person: ada } = await member('Ada', 'viewer')
    const ben = await person('Ben')
    await settle(ben)
    const find = (who: Person, wished: string | null) =>
      findAccountActor({ memberships }, { userId: who.id, organizationId: wished })
    const own = (await find(ben, null))?.organizationId ?? ''
    expect(await find(ada, null)).toEqual({
      ...{ kind: 'user', id: ada.id, organizationId, role: 'viewer', projectIds: null, scopes: null },
    })
    expect((await find(ada, own))?.organizationId).toBe(organizationId)
    expect((await find(ben, organizationId))?.organizationId).toBe(own)
    await memberships.setRole(organizationId, ada.id, 'admin')
    expect((await find(ada, organizationId))?.role).toBe('admin')
    await memberships.remove(organizationId, ada.id)
    expect(await find(ada, organizationId)).toBeNull()
  })
})
