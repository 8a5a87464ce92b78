import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Image, Me } from '@calotype/contract'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startBrowser } from './browser/chromium.ts'
import { ada, callAs, register } from './browser/people.ts'
import { prepareConsole } from './browser/prepare-console.ts'
import { doors, type Scene, settings } from './browser/scenes.ts'
import { uploadReady } from './client.ts'
import { drawLandscape } from './drawing/landscape.ts'
import { makeDataDirectory, removeDataDirectory, startServer } from './server.ts'

// `npm run screenshots -w e2e` (or with a folder): the console's places at 1440 and 390 px, light and dark; docs/console.png is the desk's
// light table in light. `npm run screenshots -w e2e -- folder desk-light` takes one view only.

const NAMES = [
  'ridge',
  'morning',
  'dusk',
  'canyon',
  'fjord',
  'meadow',
  'pass',
  'moor',
  'summit',
  'valley',
  'coast',
  'plateau',
]
const SHAPES = [
  [1500, 1000],
  [1000, 1400],
  [1600, 900],
  [1200, 1200],
] as const
const VIEWS = [
  { name: 'desk-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'desk-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'phone-light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const

const [, , folder = 'screenshots', onlyView] = process.argv
await mkdir(folder, { recursive: true })
await prepareConsole()
const dataDirectory = await makeDataDirectory()
const server = await startServer({ dataDirectory })
const { browser, close } = await startBrowser()

/** What a place that is in use has. */
async function furnish(page: Page, { organization_id }: Me): Promise<void> {
  const calls: readonly [path: string, json: unknown][] = [
    ['/projects', { name: 'Bridges' }],
    [`/organizations/${organization_id}/invitations`, { email: 'bob@example.com', role: 'member' }],
    [`/organizations/${organization_id}/invitations`, { email: 'cleo@example.com', role: 'viewer' }],
    ['/webhooks', { url: 'https://example.com/hooks/photos', events: ['image.ready', 'image.deleted'] }],
    ['/api-keys', { name: 'Website', role: 'viewer' }],
    ['/api-keys', { name: 'Detection pipeline', kind: 'service', scopes: ['image.read', 'analysis.write'] }],
  ]
  for (const [path_, json] of calls) {
    const { status } = await callAs(page, 'POST', path_, json)
    if (status !== 201) throw new Error(`${path_} was answered ${status}`)
  }
}

/** A slot with pictures before, a deleted image, an original that was downloaded: what leaves traces. */
async function useWhatCanBe(page: Page, [first, second, third, fourth]: readonly Image[]): Promise<void> {
  const calls: readonly [method: 'GET' | 'POST' | 'DELETE', path: string, json?: unknown][] = [
    ['POST', '/entities/moc/42/thumbnail', { image_id: first?.id }],
    ['POST', '/entities/moc/42/thumbnail', { image_id: second?.id }],
    ['POST', `/images/${third?.id}/share-links`, {}],
    ['DELETE', `/images/${fourth?.id}`],
  ]
  for (const [method, path_, json] of calls) {
    const { status } = await callAs(page, method, path_, json)
    if (status >= 300) throw new Error(`${path_} was answered ${status}`)
  }
}

async function visitScenes(scenes: readonly Scene[], view: string, options: BrowserContextOptions): Promise<void> {
  for (const { name, path: place, act } of scenes) {
    const seen = await browser.newContext({ ...options, reducedMotion: 'reduce' })
    const page = await seen.newPage()
    await page.goto(`${server.url}${place}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    await act?.(page)
    await page.locator('[role=status][aria-label^="Loading"]').first().waitFor({ state: 'detached' })
    await page.waitForTimeout(500)
    await page.screenshot({ path: path.join(folder, `${name}-${view}.png`) })
    await seen.close()
  }
}

try {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto((await readFile(path.join(dataDirectory, 'console-link'), 'utf8')).trim())
  await page.getByText('The light table is empty').waitFor()
  await page.screenshot({ path: path.join(folder, 'empty.png') })
  await page.goto(`${server.url}/settings/account`)
  await register(page, ada, 'Make the account')
  await page.getByRole('region', { name: 'About you' }).waitFor()
  const me = Me.parse((await callAs(page, 'GET', '/me')).body)
  await furnish(page, me)
  const storageState = await context.storageState()
  const target = { url: server.url, key: server.key }
  const uploaded: Image[] = []
  for (let at = 0; at < 24; at++) {
    const [width, height] = SHAPES[at % SHAPES.length] ?? SHAPES[0]
    const name = `${NAMES[at % NAMES.length]}-${String(at + 1).padStart(2, '0')}.jpg`
    uploaded.push(await uploadReady(target, await drawLandscape(at + 1, width, height), { name: name }))
  }
  await useWhatCanBe(page, uploaded)
  for (const { name, ...view } of VIEWS) {
    if (onlyView !== undefined && onlyView !== name) continue
    await visitScenes(doors, name, view)
    await visitScenes(settings, name, { ...view, storageState })
    const seen = await browser.newContext({ ...view, storageState })
    const place = await seen.newPage()
    await place.goto(server.url)
    await place.locator('[role=gridcell][data-status="ready"] img').first().waitFor()
    await place.waitForTimeout(1_500)
    await place.screenshot({ path: path.join(folder, `light-table-${name}.png`) })
    await place
      .getByLabel(/^Open /)
      .first()
      .click()
    await place.getByRole('button', { name: 'Compare with the original' }).click()
    await place.getByRole('slider').waitFor()
    await place.waitForTimeout(1_500)
    await place.screenshot({ path: path.join(folder, `print-${name}.png`), fullPage: true })
    await seen.close()
  }
} finally {
  await close()
  await server.stop()
  await removeDataDirectory(dataDirectory)
}
