import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { getImage } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, useTarget } from '../target.ts'
import { hasBrowser, startBrowser } from './chromium.ts'
import { doorsTo } from './doors.ts'
import { ada, bob, callAs, cleo, come, defectsOf, register, signIn } from './people.ts'
import { prepareConsole } from './prepare-console.ts'
import { dropFiles, findBarriers, overflowOf, tabTo, type Visit } from './visit.ts'

const REVOKED_WITHIN_MS = 60_000
const photo = 'roof of both.jpg'

const cell = (page: Page, status = '') =>
  page.locator(`[role=gridcell]${status && `[data-status="${status}"]`}`, { has: page.getByLabel(`Open ${photo}`) })
const Whoami = z.object({
  role: z.string(),
  organization_id: z.string(),
  default_project: z.object({ id: z.string() }),
})

/** One story: each test goes on where the one before has ended. */
describe.skipIf(!isLocal || !hasBrowser)('people of two organisations at their browsers', () => {
  beforeAll(prepareConsole)
  const target = useTarget({ REGISTRATION: 'open' })
  let browser: Browser
  let closeBrowser = async () => {}
  const at: Record<'ada' | 'bob' | 'cleo', Visit> = Object.create(null)
  let imageId = ''
  let here: z.infer<typeof Whoami>
  beforeAll(async () => {
    const started = await startBrowser()
    browser = started.browser
    closeBrowser = started.close
  })
  afterAll(() => closeBrowser())

  it('the one-time link leads to the first account, which is the owner', async () => {
    const link = (await readFile(path.join(target.local().dataDirectory, 'console-link'), 'utf8')).trim()
    at.ada = await come(browser, target.url, link)
    const { page } = at.ada
    await page.getByText('You are in by the one-time link.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('link', { name: 'Make your account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await register(page, ada, 'Make the account')
    await page.getByRole('region', { name: 'About you' }).waitFor()
    here = Whoami.parse((await callAs(page, 'GET', '/me')).body)
    expect(here.role).toBe('owner')
    await page.goto(target.url)
    await page.getByText('The light table is empty').waitFor()
    expect(await page.getByText('You are in by the one-time link.').count()).toBe(0)
  })

  it('an invitation leads a second person in', async () => {
    const { page } = at.ada
    await page.goto(`${target.url}/settings/members`)
    await page.getByRole('region', { name: 'Invitations' }).getByLabel('E-mail').fill(bob.email)
    await page.getByRole('button', { name: 'Invite' }).click()
    const link = await page.locator('code', { hasText: '#invitation=' }).innerText()
    expect(await findBarriers(page)).toEqual([])

    at.bob = await come(browser, target.url, link)
    await at.bob.page.getByRole('heading', { level: 1, name: /^Join / }).waitFor()
    expect(at.bob.page.url()).not.toContain('invitation')
    expect(await findBarriers(at.bob.page)).toEqual([])
    await register(at.bob.page, bob, 'Make an account and join', { invited: true })
    await at.bob.page.getByText('The light table is empty').waitFor()
    const me = Whoami.parse((await callAs(at.bob.page, 'GET', '/me')).body)
    expect(me).toMatchObject({ role: 'member', organization_id: here.organization_id })

    const again = await come(browser, target.url, link)
    await again.page.getByText('This invitation is no longer good').waitFor()
    await again.close()
  })

  it('what one uploads the other sees at once', async () => {
    await at.bob.page.evaluate(() => document.body.setAttribute('data-since', 'before'))
    await at.ada.page.goto(target.url)
    await at.ada.page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    await dropFiles(at.ada.page, [{ name: photo, type: 'image/jpeg', bytes: await freshJpeg() }])
    await cell(at.bob.page, 'ready').waitFor()
    expect(await at.bob.page.locator('body[data-since=before]').count()).toBe(1)
    imageId = (await cell(at.bob.page).getAttribute('data-key')) ?? ''
    expect((await callAs(at.bob.page, 'GET', `/images/${imageId}`)).status).toBe(200)

    // Not his own: a member is not offered to delete it, and the server refuses it too.
    await at.bob.page.getByLabel(`Open ${photo}`).click()
    await at.bob.page.getByRole('heading', { level: 1, name: photo }).waitFor()
    expect(await at.bob.page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
    expect((await callAs(at.bob.page, 'DELETE', `/images/${imageId}`)).status).toBe(403)
  })

  it('a stranger finds every door to it closed, as if it were not there', async () => {
    at.cleo = await come(browser, target.url, '/#register')
    const { page } = at.cleo
    await page.getByRole('heading', { level: 1, name: 'Make an account' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await register(page, cleo, 'Make the account')
    await page.getByText('The light table is empty').waitFor()

    const before = await getImage(target, imageId)
    const found = []
    for (const { method, path: door, json } of doorsTo(imageId, here)) {
      const { status } = await callAs(page, method, door, json)
      if (status !== 404) found.push(`${status} ${method} ${door}`)
    }
    expect(found).toEqual([])
    const signed = await callAs(page, 'POST', '/images/signed-urls', { image_ids: [imageId] })
    expect(signed.body).toMatchObject({ items: [], not_found: [imageId] })
    const deleted = await callAs(page, 'POST', '/images/delete', { image_ids: [imageId] })
    expect(deleted.body).toMatchObject({ accepted: [], not_found: [imageId] })
    expect((await callAs(page, 'GET', '/images')).body).toMatchObject({ items: [] })

    await page.goto(`${target.url}/images/${imageId}`)
    await page.getByText('There is no such image here').waitFor()
    await page.goto(`${target.url}/?project=${here.default_project.id}`)
    await page.getByText('There is no such project here').waitFor()
    expect(await findBarriers(page)).toEqual([])
    expect(await getImage(target, imageId)).toEqual(before)
  })

  it('a key is shown once, works, and is revoked', async () => {
    const { page } = at.ada
    await page.goto(`${target.url}/settings/api-keys`)
    await page.getByRole('button', { name: 'New key' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Name').fill('Website')
    await sheet.getByLabel('Role').selectOption('viewer')
    expect(await findBarriers(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Make the key' }).click()
    const secret = await sheet.locator('code').innerText()
    const ask = async () =>
      (await fetch(`${target.url}/api/v1/images/${imageId}`, { headers: { authorization: `Bearer ${secret}` } })).status
    expect(await ask()).toBe(200)
    expect(await findBarriers(page)).toEqual([])
    await sheet.getByRole('button', { name: 'I have stored it' }).click()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('button', { name: 'Revoke Website' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('region', { name: 'No longer good' }).getByText('Website').waitFor()
    expect(await untilStatus(ask, status => status === 401)).toBeLessThan(REVOKED_WITHIN_MS)
  })

  it('settings of a project are saved, refused at their field, and one project more is a place of its own', async () => {
    const { page } = at.ada
    await page.goto(`${target.url}/settings/new-project`)
    await page.getByLabel('Name of the project').fill('Bridges')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.getByRole('heading', { level: 1, name: 'Project', exact: true }).waitFor()
    await page.getByLabel('Largest file').fill('5')
    await page.getByRole('button', { name: 'Remove full' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Has none named full.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Undo changes' }).click()
    await page.getByLabel('Largest file').fill('5')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Bridges is saved.').waitFor()

    // Its light table is empty, and what comes into the other project does not appear on it.
    await page.getByRole('link', { name: /to the light table/ }).click()
    await page.getByText('up to 5 MB each').waitFor()
    await page.getByRole('button', { name: /^Project Bridges/ }).click()
    await page.keyboard.press('d')
    await page.keyboard.press('Enter')
    await cell(page, 'ready').waitFor()
    expect(page.url()).toContain(here.default_project.id)
  })

  it.each([
    ['a desk, light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
    ['a phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true }],
  ] as const)('every page of the settings fits on %s, without barriers', async (_, options) => {
    const storageState = await at.ada.page.context().storageState()
    const visited = await come(browser, target.url, '/settings', { ...options, storageState })
    const { page, close } = visited
    for (const [place, title] of Object.entries(SETTINGS)) {
      await page.goto(`${target.url}/settings/${place}`)
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
      await page.waitForFunction(() => document.querySelector('main [role=status][aria-label^=Loading]') === null)
      expect(await findBarriers(page), place).toEqual([])
      expect(await overflowOf(page), place).toBe(0)
    }
    expect(defectsOf(visited)).toEqual([])
    await close()
  })

  it('lets in by keyboard alone, and says what is wrong first', async () => {
    const visited = await come(browser, target.url)
    const { page, close } = visited
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await tabTo(page, 'input[name=email]')
    await page.keyboard.type(bob.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type('not his password')
    await page.keyboard.press('Enter')
    await page.getByText('The e-mail or the password is not right.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await tabTo(page, 'input[name=password]')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(bob.password)
    await page.keyboard.press('Enter')
    await cell(page, 'ready').waitFor()
    // The account menu, by keyboard too: the last entry signs out.
    await tabTo(page, '[aria-label="Account and settings"]')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
    expect(defectsOf(visited)).toEqual([])
    await close()
  })

  it('who is removed loses access within a minute, and is told so', async () => {
    await at.bob.page.goto(target.url)
    await cell(at.bob.page, 'ready').waitFor()
    const { page } = at.ada
    await page.goto(`${target.url}/settings/members`)
    await page.getByRole('button', { name: `Remove ${bob.name}` }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText(`${bob.name} is no longer a member.`).waitFor()
    const ask = async () => (await callAs(at.bob.page, 'GET', `/images/${imageId}`)).status
    expect(await untilStatus(ask, status => status === 401 || status === 404)).toBeLessThan(REVOKED_WITHIN_MS)
    await at.bob.page.getByText('You belong to no organisation').waitFor({ timeout: REVOKED_WITHIN_MS })
    expect(await findBarriers(at.bob.page)).toEqual([])
  })

  it('nothing broke on anybody’s page', async () => {
    expect(Object.values(at).flatMap(defectsOf)).toEqual([])
    for (const { close } of Object.values(at)) await close()
  })

  it('tells how long to wait when it was tried too often', async () => {
    const { page, close } = await come(browser, target.url)
    for (let tries = 0; tries < 12 && !(await page.getByText(/Wait \d+ seconds?/).count()); tries++) {
      await signIn(page, { ...cleo, password: `wrong ${tries}` })
      await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    }
    await page.getByText(/Wait \d+ seconds?/).waitFor()
    expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true)
    expect(await findBarriers(page)).toEqual([])
    await close()
  })
})

const SETTINGS = {
  project: 'Project',
  'new-project': 'New project',
  organization: 'Organisation',
  members: 'Members',
  'api-keys': 'API keys',
  'security-log': 'Security log',
  account: 'Your account',
}

/** Asks until the answer is the wanted one; resolves with the milliseconds that it took, or that were given at most. */
async function untilStatus(ask: () => Promise<number>, isWanted: (status: number) => boolean): Promise<number> {
  const started = Date.now()
  while (Date.now() - started < REVOKED_WITHIN_MS) {
    if (isWanted(await ask())) break
    await sleep(500)
  }
  return Date.now() - started
}
