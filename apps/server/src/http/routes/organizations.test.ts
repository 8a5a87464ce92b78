import { setTimeout as sleep } from 'node:timers/promises'
import {
  InvitationList,
  InvitationPreview,
  Me,
  MemberList,
  NewInvitation,
  Organization,
  OrganizationList,
} from '@calotype/contract'
import { newId } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, openBrowser } from '../../testing/browser.ts'
import { expectProblem } from '../../testing/expect-problem.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let count = 0
/** A new account with an organisation of its own. */
async function newPerson(name = 'Ada') {
  const email = `${name.toLowerCase()}-${++count}@example.com`
  const browser = openBrowser(server)
  const answer = await browser.signUp(email, { name })
  expect(answer.statusCode, answer.body).toBe(200)
  const me = Me.parse((await browser.get('/me')).json())
  return { email, browser, userId: me.id, organizationId: me.organization_id }
}

const patch = (browser: Browser, url: string, payload: object) =>
  browser.send({ method: 'PATCH', url: `/api/v1${url}`, payload })
const put = (browser: Browser, url: string, payload: object) =>
  browser.send({ method: 'PUT', url: `/api/v1${url}`, payload })
const remove = (browser: Browser, url: string) => browser.send({ method: 'DELETE', url: `/api/v1${url}` })

async function invite(by: Browser, organizationId: string, email: string, role: string) {
  const answer = await by.post(`/organizations/${organizationId}/invitations`, { email, role })
  expect(answer.statusCode, answer.body).toBe(201)
  const invitation = NewInvitation.parse(answer.json())
  return { invitation, token: invitation.accept_url?.split('#invitation=')?.[1] ?? '' }
}

/** An owner with a second owner in the same organisation. */
async function twoOwners() {
  const [ada, ben] = [await newPerson('Ada'), await newPerson('Ben')]
  const { token } = await invite(ada.browser, ada.organizationId, ben.email, 'owner')
  const joined = await ben.browser.post('/invitations/accept', { token })
  expect(Organization.parse(joined.json())).toMatchObject({ id: ada.organizationId, role: 'owner' })
  return { ada, ben, members: `/organizations/${ada.organizationId}/members` }
}

describe('GET /me and PUT /session/organization', () => {
  it('tell who asks, and let people work elsewhere', async () => {
    const { ada, ben } = await twoOwners()
    const before = Me.parse((await ben.browser.get('/me')).json())
    expect(before).toMatchObject({ organization_id: ben.organizationId, user: { id: ben.userId, email: ben.email } })
    const change = { organization_id: ada.organizationId }
    expect((await put(ben.browser, '/session/organization', change)).statusCode).toBe(204)
    const after = Me.parse((await ben.browser.get('/me')).json())
    expect(after).toMatchObject({
      organization_id: ada.organizationId,
      role: 'owner',
      default_project: { name: 'default' },
    })
    const stranger = await newPerson('Eve')
    await expectProblem(put(stranger.browser, '/session/organization', change), 404, 'not_found')
    const unknown = { organization_id: newId() }
    await expectProblem(put(ben.browser, '/session/organization', unknown), 404, 'not_found')
  })

  it('belong to people: keys and the one-time link have one organisation', async () => {
    const me = Me.parse((await server.call({ url: '/api/v1/me' })).json())
    expect(me).toMatchObject({ kind: 'api_key', user: null, role: 'owner' })
    const link = openBrowser(server)
    await link.openLink()
    const change = { organization_id: me.organization_id }
    const byKey = server.call({ method: 'PUT', url: '/api/v1/session/organization', payload: change })
    for (const refused of [byKey, put(link, '/session/organization', change)])
      expect((await expectProblem(refused, 403, 'forbidden')).details).toEqual({ reason: 'account_needed' })
    const { userId } = await newPerson()
    const more: Array<[string, object]> = [
      ['/organizations', { name: 'Mine' }],
      ['/invitations/accept', { token: 'x' }],
    ]
    for (const [url, payload] of more)
      expect([403, 404]).toContain((await server.call({ method: 'POST', url: `/api/v1${url}`, payload })).statusCode)
    const leave = `/api/v1/organizations/${me.organization_id}/members/${userId}`
    await expectProblem(server.call({ method: 'DELETE', url: leave }), 404, 'not_found')
  })
})

describe('organisations', () => {
  it('are made, listed and renamed by their people', async () => {
    const { browser, organizationId } = await newPerson()
    const made = Organization.parse((await browser.post('/organizations', { name: ' Second ' })).json())
    expect(made).toMatchObject({ name: 'Second', role: 'owner' })
    const list = OrganizationList.parse((await browser.get('/organizations')).json())
    expect(list.items.map(each => each.id).sort()).toEqual([organizationId, made.id].sort())
    const page = OrganizationList.parse((await browser.get('/organizations?limit=1')).json())
    const rest = OrganizationList.parse((await browser.get(`/organizations?cursor=${page.next_cursor}`)).json())
    expect([...page.items, ...rest.items]).toEqual(list.items)
    const renamed = await patch(browser, `/organizations/${made.id}`, { name: 'New' })
    expect(Organization.parse(renamed.json())).toMatchObject({ id: made.id, name: 'New' })
    expect((await browser.get(`/organizations/${made.id}`)).json()).toMatchObject({ name: 'New' })
    await expectProblem(browser.post('/organizations', { name: 'a\nb' }), 400, 'invalid_request')
    await expectProblem(browser.get('/organizations?cursor=x'), 400, 'invalid_cursor')
  })

  it('are nothing to others, whatever they ask', async () => {
    const { ada } = await twoOwners()
    const eve = await newPerson('Eve')
    for (const id of [ada.organizationId, newId()]) {
      const at = `/organizations/${id}`
      const refused = [
        eve.browser.get(at),
        patch(eve.browser, at, { name: 'x' }),
        remove(eve.browser, at),
        eve.browser.get(`${at}/members`),
        patch(eve.browser, `${at}/members/${ada.userId}`, { role: 'viewer' }),
        remove(eve.browser, `${at}/members/${ada.userId}`),
        remove(eve.browser, `${at}/members/${eve.userId}`),
        eve.browser.get(`${at}/invitations`),
        eve.browser.post(`${at}/invitations`, { email: 'x@example.com', role: 'viewer' }),
        remove(eve.browser, `${at}/invitations/${newId()}`),
      ]
      for (const answer of refused) await expectProblem(answer, 404, 'not_found')
    }
    expect((await ada.browser.get('/me')).json()).toMatchObject({ role: 'owner' })
  })
})

describe('members', () => {
  it('come by invitation, are changed, and leave', async () => {
    const [ada, ben] = [await newPerson('Ada'), await newPerson('Ben')]
    const at = `/organizations/${ada.organizationId}`
    const { token, invitation } = await invite(ada.browser, ada.organizationId, ben.email.toUpperCase(), 'viewer')
    expect(invitation.accept_url).toBe(`${PUBLIC_URL}/#invitation=${token}`)
    const preview = await server.app.inject({ method: 'POST', url: '/api/v1/invitations/preview', payload: { token } })
    expect(InvitationPreview.parse(preview.json())).toMatchObject({
      role: 'viewer',
      organization_name: "Ada's organisation",
    })
    await ben.browser.post('/invitations/accept', { token })
    const list = async () => MemberList.parse((await ada.browser.get(`${at}/members`)).json()).items
    expect((await list())[0]).toMatchObject({ user_id: ben.userId, email: ben.email, role: 'viewer' })
    await expectProblem(ben.browser.get(`${at}/members`), 403, 'forbidden')
    const changed = await patch(ada.browser, `${at}/members/${ben.userId}`, { role: 'admin' })
    expect(changed.json()).toMatchObject({ user_id: ben.userId, role: 'admin' })
    expect((await ben.browser.get(`${at}/members`)).statusCode).toBe(200)
    await expectProblem(patch(ben.browser, `${at}/members/${ben.userId}`, { role: 'owner' }), 403, 'forbidden')
    await expectProblem(remove(ben.browser, `${at}/members/${ada.userId}`), 403, 'forbidden')
    await expectProblem(
      ben.browser.post(`${at}/invitations`, { email: 'x@example.com', role: 'owner' }),
      403,
      'forbidden',
    )
    expect((await remove(ben.browser, `${at}/members/${ben.userId}`)).statusCode).toBe(204)
    await expectProblem(ben.browser.get(at), 404, 'not_found')
    expect(await list()).toHaveLength(1)
    const log = await ada.browser.get('/security-log')
    for (const event of ['member.invited', 'member.joined', 'member.changed', 'member.removed'])
      expect(log.body).toContain(`"event":"${event}"`)
  })

  it('always have an owner, even when both go at the same moment', async () => {
    for (const way of ['demote', 'leave'] as const) {
      const { ada, ben, members } = await twoOwners()
      const go = (by: Browser, userId: string) =>
        way === 'leave' ? remove(by, `${members}/${userId}`) : patch(by, `${members}/${userId}`, { role: 'viewer' })
      const [first, second] = way === 'leave' ? [ada, ben] : [ben, ada]
      const answers = await Promise.all([go(ada.browser, first.userId), go(ben.browser, second.userId)])
      const good = answers.filter(answer => answer.statusCode < 300)
      expect(good, answers.map(answer => answer.body).join()).toHaveLength(1)
      const { memberships } = server.deps.database
      expect(await memberships.findOwnerCount(ada.organizationId)).toBe(1)
    }
  })

  it('are refused as the last owner', async () => {
    const { browser, organizationId, userId } = await newPerson()
    const at = `/organizations/${organizationId}/members/${userId}`
    await expectProblem(remove(browser, at), 409, 'last_owner')
    await expectProblem(patch(browser, at, { role: 'admin' }), 409, 'last_owner')
  })

  it('who belong nowhere any more can still be invited or begin anew', async () => {
    const { ada, ben, members } = await twoOwners()
    const { token } = await invite(ada.browser, ada.organizationId, ben.email, 'viewer')
    expect((await remove(ben.browser, `/organizations/${ben.organizationId}`)).statusCode).toBe(202)
    expect((await remove(ben.browser, `${members}/${ben.userId}`)).statusCode).toBe(204)
    expect((await ben.browser.get('/organizations')).json()).toEqual({ items: [], next_cursor: null })
    await expectProblem(ben.browser.get('/me'), 404, 'no_organization')
    const joined = await ben.browser.post('/invitations/accept', { token })
    expect(joined.json()).toMatchObject({ id: ada.organizationId, role: 'viewer' })
    expect((await ben.browser.post('/organizations', { name: 'Anew' })).statusCode).toBe(201)
  })
})

describe('invitations', () => {
  it('are good once, however many take them at the same moment', async () => {
    const [ada, ben] = [await newPerson('Ada'), await newPerson('Ben')]
    const { token } = await invite(ada.browser, ada.organizationId, ben.email, 'member')
    const tries = Array.from({ length: 5 }, () => ben.browser.post('/invitations/accept', { token }))
    const codes = (await Promise.all(tries)).map(answer => answer.statusCode)
    expect(codes.sort()).toEqual([200, 410, 410, 410, 410])
    await expectProblem(ben.browser.post('/invitations/accept', { token }), 410, 'invitation_gone')
    const preview = server.app.inject({ method: 'POST', url: '/api/v1/invitations/preview', payload: { token } })
    await expectProblem(preview, 410, 'invitation_gone')
  })

  it('are for the account with their address, and can be revoked', async () => {
    const [ada, eve] = [await newPerson('Ada'), await newPerson('Eve')]
    const at = `/organizations/${ada.organizationId}/invitations`
    const { token, invitation } = await invite(ada.browser, ada.organizationId, 'someone@example.com', 'member')
    await expectProblem(eve.browser.post('/invitations/accept', { token }), 403, 'invitation_for_other')
    await expectProblem(eve.browser.post('/invitations/accept', { token: `${token}x` }), 404, 'not_found')
    expect((await remove(ada.browser, `${at}/${invitation.id}`)).statusCode).toBe(204)
    expect((await remove(ada.browser, `${at}/${invitation.id}`)).statusCode).toBe(204)
    await expectProblem(remove(ada.browser, `${at}/${newId()}`), 404, 'not_found')
    await expectProblem(eve.browser.post('/invitations/accept', { token }), 410, 'invitation_gone')
    const { items } = InvitationList.parse((await ada.browser.get(at)).json())
    expect(items).toMatchObject([
      { id: invitation.id, status: 'revoked', invited_by: { kind: 'user', id: ada.userId } },
    ])
    expect(JSON.stringify(items)).not.toContain(token)
    expect(server.logs.filter(line => line.includes(token))).toEqual([])
  })
})

describe('DELETE /organizations/{id}', () => {
  it('ends keys and sessions at once, and every byte soon after', async () => {
    const { browser, organizationId } = await newPerson()
    const made = await browser.post('/api-keys', { name: 'k', role: 'owner' })
    const { key } = made.json()
    const byKey = (url: string) =>
      server.app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${key}` } })
    const project = (await browser.get('/me')).json().default_project
    expect((await byKey(`/projects/${project.id}`)).statusCode).toBe(200)
    expect((await remove(browser, `/organizations/${organizationId}`)).statusCode).toBe(202)
    for (const url of [`/projects/${project.id}`, `/organizations/${organizationId}`, '/me', '/images'])
      expect([401, 404]).toContain((await byKey(url)).statusCode)
    await expectProblem(browser.get('/me'), 404, 'no_organization')
    const { database } = server.deps
    for (let tries = 0; tries < 100 && (await database.projects.findDeleted(project.id)); tries++) await sleep(50)
    expect(await database.projects.findDeleted(project.id)).toBeNull()
    await expect
      .poll(() =>
        database.transaction(tx => tx.organizations.add({ id: organizationId, name: 'x', createdAt: new Date() })),
      )
      .toBeUndefined()
  })
})
