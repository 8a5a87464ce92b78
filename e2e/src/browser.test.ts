import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, startBrowser } from './browser/chromium.ts'
import { prepareConsole } from './browser/prepare-console.ts'
import { dropFiles, findBarriers, overflowOf, tabTo, type Visit, visit } from './browser/visit.ts'
import { call, getImage, uploadReady } from './client.ts'
import { freshJpeg } from './drawing/photo.ts'
import { privateJpeg } from './drawing/private-photo.ts'
import { isLocal, useTarget } from './target.ts'

/** A cell of the contact sheet by its file, in whatever state it is. */
const cell = (page: Page, name: string, status = '') =>
  page.locator(`[role=gridcell]${status && `[data-status="${status}"]`}`, { has: page.getByLabel(`Open ${name}`) })

describe.skipIf(!isLocal || !hasBrowser)('the console in a browser', () => {
  beforeAll(prepareConsole)
  const target = useTarget()
  let browser: Browser
  let closeBrowser = async () => {}
  let link: string
  let first: Visit
  /** What the browser keeps after it has come in by the link; it serves all later visits. */
  let storageState: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>
  beforeAll(async () => {
    const started = await startBrowser()
    browser = started.browser
    closeBrowser = started.close
    link = (await readFile(path.join(target.local().dataDirectory, 'console-link'), 'utf8')).trim()
    first = await visit(browser, target.url)
    await first.page.goto(link)
    await first.page.getByText('The light table is empty').waitFor()
    storageState = await first.page.context().storageState()
  })
  afterAll(() => closeBrowser())

  const come = async (options: Parameters<typeof visit>[2] = {}): Promise<Visit> => {
    const visited = await visit(browser, target.url, { storageState, ...options })
    await visited.page.goto(target.url)
    return visited
  }

  it('lets in by the one-time link, and only once', async () => {
    expect(first.page.url()).not.toContain('token')
    expect(await findBarriers(first.page)).toEqual([])
    expect(first.troubles).toEqual([])
    await first.close()

    const second = await visit(browser, target.url)
    await second.page.goto(link)
    await second.page.getByRole('heading', { level: 1 }).waitFor()
    await second.page
      .getByText(/spent|used|expired|new link/i)
      .first()
      .waitFor()
    expect(await second.page.getByRole('grid').count()).toBe(0)
    expect(await findBarriers(second.page)).toEqual([])
    await second.close()
  })

  it('takes a photo by drag and drop, shows six variants, and deletes it', async () => {
    const { page, troubles, close } = await come()
    const name = 'dropped roof.jpg'
    await dropFiles(page, [{ name, type: 'image/jpeg', bytes: await privateJpeg({ width: 480, height: 320 }) }])
    await cell(page, name, 'ready').waitFor()
    expect(await findBarriers(page)).toEqual([])

    await page.getByLabel(`Open ${name}`).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    const id = page.url().split('/').at(-1) ?? ''
    const rows = page.getByRole('table').getByRole('rowheader')
    expect((await rows.allInnerTexts()).sort()).toEqual([
      'full AVIF',
      'full JPEG',
      'full WebP',
      'thumb AVIF',
      'thumb JPEG',
      'thumb WebP',
    ])
    for (const variant of ['thumb WebP', 'full JPEG']) {
      await page.getByRole('button', { name: variant }).click()
      await page.waitForFunction(() =>
        [...document.querySelectorAll('img')].every(image => image.complete && image.naturalWidth > 0),
      )
    }
    expect(await findBarriers(page)).toEqual([])

    await page.getByRole('button', { name: 'Delete' }).click()
    const question = page.getByRole('alertdialog')
    await question.waitFor()
    expect(await findBarriers(page)).toEqual([])
    await question.getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(`${target.url}/`)
    await cell(page, name).waitFor({ state: 'detached' })
    expect((await getImage(target, id)).status).toBe('deleted')
    expect(troubles).toEqual([])
    await close()
  })

  it('follows what others do, without loading anew', async () => {
    const { page, troubles, close } = await come()
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    const { id } = await uploadReady(target, await freshJpeg(), { name: 'from elsewhere.jpg' })
    await cell(page, 'from elsewhere.jpg', 'ready').waitFor()
    // A picture that is deleted while the page still loads it is a 404 in the browser's console.
    await page.waitForFunction(
      () => document.images.length > 0 && [...document.images].every(image => image.complete && image.naturalWidth > 0),
    )
    await call(target, `/images/${id}`, { method: 'DELETE' })
    await cell(page, 'from elsewhere.jpg').waitFor({ state: 'detached' })
    expect(troubles).toEqual([])
    await close()
  })

  it('says why a file is no photo', async () => {
    const { page, close } = await come()
    const bytes = Buffer.from(`%PDF-1.7 ${Math.random()}`.padEnd(2_000))
    await dropFiles(page, [{ name: 'invoice.jpg', type: 'image/jpeg', bytes }])
    const failed = cell(page, 'invoice.jpg', 'failed')
    await failed.waitFor()
    expect((await failed.innerText()).length).toBeGreaterThan(30)
    expect(await findBarriers(page)).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('fits on a phone of 390 px, %s', async colorScheme => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme }
    const name = `a rather long name of a photo from a phone ${colorScheme}.jpg`
    await uploadReady(target, await freshJpeg(), { name })
    const { page, troubles, close } = await come(phone)
    await cell(page, name, 'ready').waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await findBarriers(page)).toEqual([])
    await page.getByLabel(`Open ${name}`).tap()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.getByRole('table').waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await findBarriers(page)).toEqual([])
    expect(troubles).toEqual([])
    await close()
  })

  it('can be used by keyboard alone', async () => {
    const { page, troubles, close } = await come()
    const name = 'by keyboard.jpg'
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    // Asked for early: the browser is told some moments later that files are chosen here and not in a window of its own.
    const choose = async () => {
      await tabTo(page, 'input[type=file]')
      await page.keyboard.press('Enter')
    }
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose()])
    await chooser.setFiles([{ name, mimeType: 'image/jpeg', buffer: await freshJpeg() }])
    await cell(page, name, 'ready').waitFor()
    await tabTo(page, '[role=gridcell]')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await tabTo(page, 'main header button')
    await page.keyboard.press('Enter')
    const question = page.getByRole('alertdialog')
    await question.waitFor()
    expect(await question.evaluate(dialog => dialog.contains(document.activeElement))).toBe(true)
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(page.url()).toContain('/images/')
    await tabTo(page, 'main header button')
    await page.keyboard.press('Enter')
    await question.waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${target.url}/`)
    await cell(page, name).waitFor({ state: 'detached' })
    expect(troubles).toEqual([])
    await close()
  })

  it('shows the reference without any network', async () => {
    const { page, troubles, close } = await visit(browser, target.url)
    await page.goto(`${target.url}/docs`)
    await page.getByText('Authenticate with').first().waitFor()
    await page.getByText('/api/health/liveness').first().waitFor()
    expect(troubles).toEqual([])
    await close()
  })
})
