import { Me, NewInvitation } from '@calotype/contract'
import { inspectDatabase } from '@calotype/postgres/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, openBrowser, PASSWORD } from '../testing/browser.ts'
import { expectProblem } from '../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let closed: TestServer
beforeAll(async () => {
  ;[server, closed] = await Promise.all([startTestServer(), startTestServer({ env: { REGISTRATION: 'closed' } })])
}, 60_000)
afterAll(() => Promise.all([server.close(), closed.close()]))

let count = 0
const newEmail = () => `person-${++count}@example.org`
const meOf = async (browser: Browser) => Me.parse((await browser.get('/me')).json())

async function newPerson(on = server) {
  const email = newEmail()
  const browser = openBrowser(on)
  const answer = await browser.signUp(email)
  expect(answer.statusCode, answer.body).toBe(200)
  return { email, browser, me: await meOf(browser) }
}

async function invite(on: TestServer, organizationId: string, email: string, role = 'member') {
  const url = `/api/v1/organizations/${organizationId}/invitations`
  const answer = await on.call({ method: 'POST', url, payload: { email, role } })
  expect(answer.statusCode, answer.body).toBe(201)
  return NewInvitation.parse(answer.json()).accept_url?.split('#invitation=')?.[1] ?? ''
}
const installedIn = async (on: TestServer): Promise<string> =>
  Me.parse((await on.call({ url: '/api/v1/me' })).json()).organization_id

describe('the first account', () => {
  it('takes over the installation’s organisation with the one-time link, once, and the link’s session ends', async () => {
    const first = openBrowser(closed)
    const second = openBrowser(closed)
    const third = openBrowser(closed)
    for (const browser of [first, second, third]) expect((await browser.openLink()).statusCode).toBe(204)
    const links = new Map([first, second].map(browser => [browser, new Map(browser.jar)]))
    // Registration is closed, and two browsers hold a link: one of them gets in.
    const answers = await Promise.all([first.signUp(newEmail()), second.signUp(newEmail())])
    const owners = answers.filter(answer => answer.statusCode === 200)
    expect(owners.length).toBeGreaterThanOrEqual(1)
    const organizationId = await installedIn(closed)
    const places = []
    for (const [browser, link] of links) {
      const answer = await browser.get('/me')
      if (answer.statusCode !== 200) continue
      const me = Me.parse(answer.json())
      if (me.user !== null) places.push({ link, organization: me.organization_id, role: me.role })
    }
    expect(places).toEqual([{ link: expect.any(Map), organization: organizationId, role: 'owner' }])
    const late = await third.signUp(newEmail())
    expect([late.statusCode, late.json().code]).toEqual([403, 'registration_closed'])
    const stale = openBrowser(closed)
    for (const [name, value] of places[0]?.link ?? []) stale.jar.set(name, value)
    await expectProblem(stale.get('/me'), 401, 'unauthorized')
  })

  it('needs the link: anybody else gets an organisation of their own', async () => {
    const { me } = await newPerson()
    expect(me.organization_id).not.toBe(await installedIn(server))
  })
})

describe('an invitation', () => {
  it('opens a closed registration to its own address, once, into its organisation alone', async () => {
    const organizationId = await installedIn(closed)
    const email = newEmail()
    const invitation = await invite(closed, organizationId, email, 'viewer')
    const other = await openBrowser(closed).signUp(newEmail(), { invitation })
    expect([other.statusCode, other.json().code]).toEqual([403, 'invitation_for_other'])
    const made = await openBrowser(closed).signUp(newEmail(), { invitation: 'cal_invitation_made_up' })
    expect([made.statusCode, made.json().code]).toEqual([404, 'not_found'])
    const browser = openBrowser(closed)
    expect((await browser.signUp(email, { invitation })).statusCode).toBe(200)
    expect(await meOf(browser)).toMatchObject({ organization_id: organizationId, role: 'viewer' })
    expect((await browser.get('/organizations')).json().items).toHaveLength(1)
    const again = await openBrowser(closed).signUp(newEmail(), { invitation })
    expect([again.statusCode, again.json().code]).toEqual([410, 'invitation_gone'])
    const without = await openBrowser(closed).signUp(newEmail())
    expect([without.statusCode, without.json().code]).toEqual([403, 'registration_closed'])
  })
})

describe('a sign-in', () => {
  it('mends what a kill left between the account and its place', async () => {
    const { email, me } = await newPerson()
    const invited = newEmail()
    const invitation = await invite(server, await installedIn(server), invited)
    const unsettled = openBrowser(server)
    await unsettled.signUp(invited)
    const database = await inspectDatabase(server.directory)
    await database.query('delete from memberships where user_id in (select id from users where email in ($1, $2))', [
      email,
      invited,
    ])
    await database.close()
    await expectProblem(unsettled.get('/me'), 404, 'no_organization')
    const both = [openBrowser(server), openBrowser(server)]
    await Promise.all(both.map(browser => browser.signIn(email)))
    const [first, second] = await Promise.all(both.map(meOf))
    expect(first?.organization_id).toBe(second?.organization_id)
    expect(first?.organization_id).not.toBe(me.organization_id)
    const late = openBrowser(server)
    const headers = { 'x-calotype-invitation': invitation }
    expect((await late.auth('sign-in/email', { email: invited, password: PASSWORD }, headers)).statusCode).toBe(200)
    expect((await meOf(late)).organization_id).toBe(await installedIn(server))
  })

  it('of somebody who belongs nowhere can make an organisation, and nothing else', async () => {
    const email = newEmail()
    const organizationId = await installedIn(closed)
    const browser = openBrowser(closed)
    await browser.signUp(email, { invitation: await invite(closed, organizationId, email) })
    const { id } = await meOf(browser)
    const url = `/api/v1/organizations/${organizationId}/members/${id}`
    expect((await closed.call({ method: 'DELETE', url })).statusCode).toBe(204)
    for (const path of ['/me', '/images', '/projects']) await expectProblem(browser.get(path), 404, 'no_organization')
    expect((await browser.signIn(email)).statusCode).toBe(200)
    await expectProblem(browser.get('/me'), 404, 'no_organization')
    const noToken = await browser.send({ url: '/api/auth/token' })
    const authorization = `Bearer ${noToken.json().token}`
    await expectProblem(closed.app.inject({ url: '/api/v1/me', headers: { authorization } }), 401, 'unauthorized')
    expect((await browser.post('/organizations', { name: 'Mine' })).statusCode).toBe(201)
    expect((await meOf(browser)).organization.name).toBe('Mine')
  })
})

describe('the end of an account', () => {
  it('needs the password, is refused while others depend on it, and ends every session at once', async () => {
    const { email, browser, me } = await newPerson()
    const other = openBrowser(server)
    await other.signIn(email)
    const friend = await newPerson()
    const token = (
      await browser.post(`/organizations/${me.organization_id}/invitations`, { email: friend.email, role: 'member' })
    ).json()
    const accepted = await friend.browser.post('/invitations/accept', {
      token: token.accept_url.split('#invitation=')[1],
    })
    expect(accepted.statusCode, accepted.body).toBe(200)
    expect((await browser.auth('delete-user', {})).statusCode).toBe(400)
    expect((await browser.auth('delete-user', { password: 'not this password' })).statusCode).toBe(400)
    const refused = await browser.auth('delete-user', { password: PASSWORD })
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'last_owner'])
    expect(await meOf(other)).toMatchObject({ role: 'owner' })
    const url = `/api/v1/organizations/${me.organization_id}/members/${friend.me.id}`
    expect((await browser.send({ method: 'PATCH', url, payload: { role: 'owner' } })).statusCode).toBe(200)
    expect((await browser.auth('delete-user', { password: PASSWORD })).statusCode).toBe(200)
    for (const session of [browser, other]) await expectProblem(session.get('/me'), 401, 'unauthorized')
    expect((await openBrowser(server).signIn(email)).statusCode).toBe(401)
    expect((await friend.browser.get(`/organizations/${me.organization_id}`)).statusCode).toBe(200)
  })

  it('takes along the organisation that nobody else is in', async () => {
    const { browser, me } = await newPerson()
    const key = await browser.post('/api-keys', { name: 'mine', role: 'member' })
    expect(key.statusCode, key.body).toBe(201)
    expect((await browser.auth('delete-user', { password: PASSWORD })).statusCode).toBe(200)
    const authorization = `Bearer ${key.json().key}`
    await expectProblem(server.app.inject({ url: '/api/v1/me', headers: { authorization } }), 401, 'unauthorized')
    expect(await server.deps.database.organizations.find(me.organization_id)).toBeNull()
  })
})

it('a dump of the database opens nothing', async () => {
  const { email, browser } = await newPerson()
  await browser.auth('request-password-reset', { email })
  await browser.send({ url: '/api/auth/token' })
  const secret = decodeURIComponent(browser.jar.get('calotype.session_token') ?? '').split('.')[0] ?? 'none'
  const database = await inspectDatabase(server.directory)
  const dump = await database.dump()
  await database.close()
  const text = [...dump.values()].flat().join('\n')
  expect(text).toContain(email)
  for (const hidden of [PASSWORD, secret, '#reset=', 'reset-password:', '"d":']) expect(text).not.toContain(hidden)
  expect(dump.get('public.user_keys')?.length).toBeGreaterThan(0)
})
