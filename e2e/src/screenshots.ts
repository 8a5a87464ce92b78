import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { startBrowser } from './browser/chromium.ts'
import { prepareConsole } from './browser/prepare-console.ts'
import { uploadReady } from './client.ts'
import { drawLandscape } from './drawing/landscape.ts'
import { makeDataDirectory, removeDataDirectory, startServer } from './server.ts'

// `npm run screenshots -w e2e` (or with a folder): the console's places at 1440 and 390 px, light and dark; docs/console.png is the desk's
// light table in light.

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

const folder = process.argv[2] ?? 'screenshots'
await mkdir(folder, { recursive: true })
await prepareConsole()
const dataDirectory = await makeDataDirectory()
const server = await startServer({ dataDirectory })
const { browser, close } = await startBrowser()
try {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto((await readFile(path.join(dataDirectory, 'console-link'), 'utf8')).trim())
  await page.getByText('The light table is empty').waitFor()
  await page.screenshot({ path: path.join(folder, 'empty.png') })
  const storageState = await context.storageState()
  const target = { url: server.url, key: server.key }
  for (let at = 0; at < 24; at++) {
    const [width, height] = SHAPES[at % SHAPES.length] ?? SHAPES[0]
    const name = `${NAMES[at % NAMES.length]}-${String(at + 1).padStart(2, '0')}.jpg`
    await uploadReady(target, await drawLandscape(at + 1, width, height), { name: name })
  }
  for (const { name, ...view } of VIEWS) {
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
