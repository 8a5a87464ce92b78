import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CONSOLE = path.join(fileURLToPath(new URL('../../..', import.meta.url)), 'apps', 'console')

/** Builds the console where it is older than its sources; a server would do so beside the test and change pages under the browser. */
export async function prepareConsole(): Promise<void> {
  const script = "const c = await import('./build.ts'); if (await c.isConsoleStale()) await c.buildConsole()"
  // As for users: the test runner's NODE_ENV would give the slower and larger build of developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: CONSOLE, env })
}
