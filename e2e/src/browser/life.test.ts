import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getImage, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, useTarget } from '../target.ts'
import { hasBrowser, startBrowser } from './chromium.ts'
import { come, comeAsOwner, defectsOf } from './people.ts'
import { prepareConsole } from './prepare-console.ts'
import { findBarriers, overflowOf, type Visit } from './visit.ts'

const cell = (page: Page, name: string, status: string) =>
  page.locator(`[role=gridcell][data-status="${status}"]`, { has: page.getByLabel(`Open ${name}`) })

/** Chooses files for the only place on the page that has this button. */
async function choose(page: Page, button: string, files: readonly { name: string; bytes: Uint8Array }[]) {
  const asked = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  const chooser = await asked
  await chooser.setFiles(files.map(({ name, bytes }) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) })))
}

describe.skipIf(!isLocal || !hasBrowser)('the life of an image, seen by its owner', () => {
  beforeAll(prepareConsole)
  const target = useTarget()
  let browser: Browser
  let closeBrowser = async () => {}
  let owner: Visit
  const photo = 'roof.jpg'
  let imageId = ''
  beforeAll(async () => {
    const started = await startBrowser()
    browser = started.browser
    closeBrowser = started.close
    owner = await comeAsOwner(browser, target)
    imageId = (await uploadReady(target, await freshJpeg(), { name: photo })).id
  })
  afterAll(() => closeBrowser())

  /** Deletes from the light table with the keyboard. */
  const deleteByKey = async (page: Page) => {
    await page.goto(target.url)
    await cell(page, photo, 'ready').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await cell(page, photo, 'ready').waitFor({ state: 'detached' })
  }

  it('what was deleted is taken back from the notice', async () => {
    const { page } = owner
    await deleteByKey(page)
    await page.getByRole('button', { name: 'Undo' }).click()
    await cell(page, photo, 'ready').waitFor()
    expect((await getImage(target, imageId)).status).toBe('ready')
  })

  it('or from the bin, by keyboard, and its print tells the story', async () => {
    const { page } = owner
    await deleteByKey(page)
    await page.goto(`${target.url}/images/${imageId}`)
    await page.getByRole('heading', { name: 'This image was deleted' }).waitFor()
    await page.getByText('It was deleted when it was ready.').waitFor()
    expect(await findBarriers(page)).toEqual([])

    await page.goto(`${target.url}/?status=deleted`)
    const thrown = cell(page, photo, 'deleted')
    await thrown.getByText(/goes for good in \d+ days/).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await thrown.focus()
    await page.keyboard.press('r')
    await page.getByText('The bin is empty').waitFor()
    expect((await getImage(target, imageId)).status).toBe('ready')

    await page.goto(`${target.url}/images/${imageId}`)
    const why = page.getByRole('region', { name: 'Why it is here' })
    await why.getByText(/It is ready: \d+ files/).waitFor()
    await why.getByText('It was restored with its variants').first().waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  it('a webhook is made, its secret is told once, and it is turned off', async () => {
    const { page } = owner
    await page.goto(`${target.url}/settings/webhooks`)
    await page.getByText('Nobody is told of anything yet.').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('URL').fill('https://hooks.example.com/photos')
    await sheet.getByLabel('Image uploaded').uncheck()
    expect(await findBarriers(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Make the webhook' }).click()
    const secret = await sheet.locator('code').innerText()
    expect(secret).toMatch(/^whsec_/)
    await sheet.getByRole('button', { name: 'I have stored it' }).click()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('link', { name: 'https://hooks.example.com/photos' }).click()
    await page.getByText('Nothing was sent yet.').waitFor()
    await page.getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('Off: somebody turned it off').waitFor()
    expect(await findBarriers(page)).toEqual([])
  })

  it('a slot is filled, replaced and undone', async () => {
    const { page } = owner
    await page.goto(`${target.url}/images/entities`)
    await page.getByLabel('Type', { exact: true }).fill('house')
    await page.getByLabel('Id', { exact: true }).fill('42')
    await page.getByLabel('Slot', { exact: true }).fill('front')
    await page.getByRole('button', { name: 'Look it up' }).click()
    const slot = page.getByRole('region', { name: 'Slot front' })
    await slot.getByText('Nothing was ever put here.').waitFor()
    await choose(page, 'Put a photo here', [{ name: 'first.jpg', bytes: await freshJpeg() }])
    await slot.getByRole('img', { name: 'first.jpg' }).waitFor()
    await choose(page, 'Replace', [{ name: 'second.jpg', bytes: await freshJpeg() }])
    await slot.getByRole('img', { name: 'second.jpg' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await slot.getByRole('button', { name: 'Undo' }).click()
    await slot.getByRole('img', { name: 'first.jpg' }).waitFor()
  })

  it('a gallery is filled and ordered by keyboard, which keeps its place', async () => {
    const { page } = owner
    await page.goto(`${target.url}/images/entities?type=house&id=42`)
    const files = [
      { name: 'kitchen.jpg', bytes: await freshJpeg() },
      { name: 'garden.jpg', bytes: await freshJpeg() },
    ]
    for (const file of files) {
      await choose(page, 'Add photos', [file])
      await page.getByRole('link', { name: `Open ${file.name}` }).waitFor()
    }
    const names = () => page.getByRole('link', { name: /^Open / }).evaluateAll(all => all.map(each => each.ariaLabel))
    expect(await names()).toEqual(['Open kitchen.jpg', 'Open garden.jpg'])
    await page.getByRole('button', { name: 'Move garden.jpg earlier' }).press('Enter')
    await page.getByRole('button', { name: 'Move kitchen.jpg later' }).and(page.locator(':disabled')).waitFor()
    expect(await names()).toEqual(['Open garden.jpg', 'Open kitchen.jpg'])
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Move garden.jpg later')
    await page.reload()
    await page.getByRole('link', { name: 'Open kitchen.jpg' }).waitFor()
    expect(await names()).toEqual(['Open garden.jpg', 'Open kitchen.jpg'])
    expect(await findBarriers(page)).toEqual([])
  })

  it('all of it fits on a phone', async () => {
    const storageState = await owner.page.context().storageState()
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, storageState }
    const visited = await come(browser, target.url, '/?status=deleted', phone)
    const { page, close } = visited
    for (const place of [
      '/?status=deleted',
      '/settings/webhooks',
      '/settings/pipeline',
      '/settings/care',
      '/settings/audit',
      '/images/entities?type=house&id=42&slot=front',
    ]) {
      await page.goto(`${target.url}${place}`)
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
      await page.waitForFunction(() => document.querySelector('[role=status][aria-label^=Loading]') === null)
      expect(await overflowOf(page), place).toBe(0)
      expect(await findBarriers(page), place).toEqual([])
    }
    expect(defectsOf(visited)).toEqual([])
    await close()
  })

  it('nothing broke on the way', () => {
    expect(defectsOf(owner)).toEqual([])
  })
})
