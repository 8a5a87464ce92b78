import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { getImage } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, useTarget } from '../target.ts'
import { hasBrowser, startBrowser } from './chromium.ts'
import { doorsTo } from './doors.ts'
import {
  bob,
  callAs,
  cleo,
  come,
  comeAsOwner,
  defectsOf,
  invite,
  REVOKED_WITHIN_MS,
  readLetter,
  register,
  signIn,
  untilStatus,
} from './people.ts'
import { prepareConsole } from './prepare-console.ts'
import { dropFiles, findBarriers, type Visit } from './visit.ts'

const NEW_PASSWORD = 'a wholly new one'
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
    at.ada = await comeAsOwner(browser, target)
    const { page } = at.ada
    here = Whoami.parse((await callAs(page, 'GET', '/me')).body)
    expect(here.role).toBe('owner')
    await page.goto(target.url)
    await page.getByText('The light table is empty').waitFor()
    expect(await page.getByText('You are in by the one-time link.').count()).toBe(0)
  })

  it('an invitation leads a second person in', async () => {
    const { page } = at.ada
    const link = await invite(page, target.url, bob.email)
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
      // For those who are in, the same doors are open: a door that does not exist would prove nothing.
      if (method === 'GET') expect((await callAs(at.ada.page, method, door)).status, door).toBe(200)
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

  it('a forgotten password is replaced by the link of a letter', async () => {
    const { page, close } = await come(browser, target.url, '/#forgot-password')
    await page.getByRole('heading', { level: 1, name: 'Forgot the password?' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByLabel('E-mail').fill(cleo.email)
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByRole('heading', { level: 1, name: 'Look into your letters' }).waitFor()
    const link = await readLetter(path.join(target.local().dataDirectory, 'outbox'), cleo.email)
    await page.goto(link)
    await page.getByRole('heading', { level: 1, name: 'Choose a new password' }).waitFor()
    expect(page.url()).not.toContain('reset')
    expect(await findBarriers(page)).toEqual([])
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await signIn(page, { ...cleo, password: NEW_PASSWORD })
    await page.getByText('The light table is empty').waitFor()
    await close()
    // The sessions that the old password had opened are over.
    expect((await callAs(at.cleo.page, 'GET', '/me')).status).toBe(401)
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

  it('who was removed can be asked again, and comes with the account that is there', async () => {
    const { page } = at.ada
    const link = await invite(page, target.url, bob.email)
    await at.bob.page.goto(link)
    await at.bob.page.getByRole('button', { name: `Join as ${bob.name}` }).click()
    await cell(at.bob.page, 'ready').waitFor()
  })

  it('an account is deleted with its password, and its own organisation with it', async () => {
    const { page, close } = await come(browser, target.url)
    const again = { ...cleo, password: NEW_PASSWORD }
    await signIn(page, again)
    await page.getByText('The light table is empty').waitFor()
    await page.goto(`${target.url}/settings/account`)
    await page.getByRole('button', { name: 'Delete account' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Your password').fill('not this one')
    await sheet.getByRole('button', { name: 'Delete my account' }).click()
    await sheet.getByText('That is not your present password.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await sheet.getByLabel('Your password').fill(again.password)
    await sheet.getByRole('button', { name: 'Delete my account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Your account is deleted' }).waitFor()
    await close()
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
