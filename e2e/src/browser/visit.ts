import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { z } from 'zod'

/** A visit of the console in a browser that remembers nothing. */
export interface Visit {
  page: Page
  /** What a person would have seen go wrong: errors of the page, and requests to anywhere but this server. */
  troubles: string[]
  close(): Promise<void>
}

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const troubles: string[] = []
  page.on('pageerror', error => troubles.push(`error: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url())
    const isLocal = ['data:', 'blob:'].includes(protocol) || origin === new URL(url).origin
    if (!isLocal) troubles.push(`request to ${request.url()}`)
  })
  return { page, troubles, close: () => context.close() }
}

export interface DroppedFile {
  name: string
  type: string
  bytes: Uint8Array
}

/** Drags files over the page and lets them fall, as a person does from a folder. */
export async function dropFiles(page: Page, files: readonly DroppedFile[]): Promise<void> {
  const sent = files.map(({ name, type, bytes }) => ({ name, type, text: Buffer.from(bytes).toString('base64') }))
  const dataTransfer = await page.evaluateHandle(list => {
    const transfer = new DataTransfer()
    for (const { name, type, text } of list) {
      const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
      transfer.items.add(new File([bytes], name, { type }))
    }
    return transfer
  }, sent)
  for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', event, { dataTransfer })
}

const Found = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
})

/** What axe has against the page as it stands (WCAG 2.2 A and AA), one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found: unknown = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations'] })`,
  )
  return Found.parse(found).violations.map(
    ({ id, impact, help, nodes }) => `${id} (${impact}): ${help}: ${nodes.map(node => node.html).join(' | ')}`,
  )
}

/** How far the page is wider than the window: a person would have to scroll sideways. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Presses Tab until the element has the focus; throws when it cannot be reached. */
export async function tabTo(page: Page, selector: string, limit = 40): Promise<void> {
  for (let presses = 0; presses < limit; presses++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${selector}`)
}
