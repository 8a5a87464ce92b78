import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendForm, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, useTarget } from '../target.ts'
import { hasBrowser, startBrowser } from './chromium.ts'
import { ada, come, comeAsOwner, defectsOf, REVOKED_WITHIN_MS, untilStatus } from './people.ts'
import { prepareConsole } from './prepare-console.ts'
import { findBarriers, overflowOf, tabTo, type Visit } from './visit.ts'

const FIRST_LOAD_BYTES = 200_000
const photo = 'roof.jpg'
const cell = (page: Page) =>
  page.locator('[role=gridcell][data-status=ready]', { has: page.getByLabel(`Open ${photo}`) })

describe.skipIf(!isLocal || !hasBrowser)('an owner sets up the place', () => {
  beforeAll(prepareConsole)
  const target = useTarget()
  let browser: Browser
  let closeBrowser = async () => {}
  let owner: Visit
  let imageId = ''
  let projectId = ''
  beforeAll(async () => {
    const started = await startBrowser()
    browser = started.browser
    closeBrowser = started.close
    owner = await comeAsOwner(browser, target)
    const image = await uploadReady(target, await freshJpeg(), { name: photo })
    imageId = image.id
    projectId = image.project_id
  })
  afterAll(() => closeBrowser())

  it('a key is shown once, works, and is revoked', async () => {
    const { page } = owner
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
    const { page } = owner
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
    const fields = { project_id: new URL(page.url()).searchParams.get('project') ?? '' }
    await sendForm(target, { bytes: await freshJpeg(), name: 'bridge.jpg' }, { fields })
    await page.getByLabel('Open bridge.jpg').waitFor()
    await sendForm(target, { bytes: await freshJpeg(), name: 'one more roof.jpg' })
    await page.getByRole('button', { name: /^Project Bridges/ }).click()
    await page.keyboard.press('d')
    await page.keyboard.press('Enter')
    await cell(page).waitFor()
    await page.getByLabel('Open one more roof.jpg').waitFor()
    expect(await page.getByLabel('Open bridge.jpg').count()).toBe(0)
    expect(page.url()).toContain(projectId)
    // And this one is followed now.
    await sendForm(target, { bytes: await freshJpeg(), name: 'last roof.jpg' })
    await page.getByLabel('Open last roof.jpg').waitFor()
  })

  it('the last owner cannot leave, and reads why', async () => {
    const { page } = owner
    await page.goto(`${target.url}/settings/members`)
    await page.getByRole('button', { name: 'Leave the organisation' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByRole('button', { name: 'Leave' }).click()
    await question.getByText('An organisation always has an owner.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await question.getByRole('button', { name: 'Cancel' }).click()
  })

  it('another organisation is another place, one menu away', async () => {
    const { page } = owner
    await page.goto(target.url)
    await cell(page).waitFor()
    const places = page.getByRole('button', { name: /Switch$/ })
    const home = (await places.getAttribute('aria-label')) ?? ''
    await places.click()
    await page.getByRole('menuitem', { name: 'New organisation' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Painters')
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('button', { name: /of Painters\. Switch$/ }).waitFor()
    await page.getByText('The light table is empty').waitFor()
    expect(await cell(page).count()).toBe(0)

    await places.click()
    expect(await findBarriers(page)).toEqual([])
    await page
      .getByRole('group', { name: 'Organisations' })
      .getByRole('menuitemradio')
      .filter({ hasNotText: 'Painters' })
      .click()
    await page.getByRole('button', { name: home, exact: true }).waitFor()
    await cell(page).waitFor()
  })

  it.each([
    ['a desk, light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
    ['a phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true }],
  ] as const)('every page of the settings fits on %s, without barriers', async (_, options) => {
    const storageState = await owner.page.context().storageState()
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
    await page.keyboard.type(ada.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type('not this password')
    await page.keyboard.press('Enter')
    await page.getByText('The e-mail or the password is not right.').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await tabTo(page, 'input[name=password]')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(ada.password)
    await page.keyboard.press('Enter')
    await cell(page).waitFor()
    // The account menu, by keyboard too: the last entry signs out.
    await tabTo(page, '[aria-label="Account and settings"]')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
    expect(defectsOf(visited)).toEqual([])
    await close()
  })

  it('the light table needs less than 200 KB of compressed script', async () => {
    const storageState = await owner.page.context().storageState()
    const { page, close } = await come(browser, 'about:blank', 'about:blank', { storageState })
    const scripts: Promise<Buffer>[] = []
    page.on('response', response => {
      if (response.request().resourceType() === 'script') scripts.push(response.body())
    })
    await page.goto(target.url)
    await cell(page).waitFor()
    const sizes = (await Promise.all(scripts)).map(script => gzipSync(script).byteLength)
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES)
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
