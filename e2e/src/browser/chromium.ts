import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** A browser of one's own choice, where the one from npm (Linux on x64) does not run. */
const { CHROMIUM_PATH } = process.env
export const hasBrowser = CHROMIUM_PATH !== undefined || (process.platform === 'linux' && process.arch === 'x64')

const ARGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
]

/** Starts the browser from npm out of a folder of this run's own, so that no half-unpacked one of another run is used. */
export async function startBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-browser-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  try {
    const { executablePath, env } = CHROMIUM_PATH
      ? { executablePath: CHROMIUM_PATH, env: process.env }
      : await unpack(folder)
    const browser = await chromium.launch({ executablePath, args: ARGS, env: defined(env) })
    return {
      browser,
      close: async () => {
        await browser.close()
        await removeFolder()
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

/** The package looks at the environment while it is imported, and unpacks into whatever is the temporary folder then. */
async function unpack(folder: string) {
  const before = { ...process.env }
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' })
  try {
    const { default: bundled } = await import('@sparticuz/chromium')
    bundled.setGraphicsMode = false
    const executablePath = await bundled.executablePath()
    return { executablePath, env: { ...process.env } }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

const defined = (env: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
