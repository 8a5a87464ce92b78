import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = dirname(fileURLToPath(import.meta.url))
const sources = ['index.html', 'vite.config.ts', 'package.json', 'public', 'src', '../../sdk/src']
const stampFile = '.built-from'
const stagingPrefix = '.dist-'
const abandonedAfterMs = 10 * 60_000
const swapTries = 20

/** Where the built console is, and nothing else. */
export const consoleDirectory: string = join(home, 'dist')

/** True when there is no build, or its sources have changed since. A build without sources (a package) is never stale. */
export async function isConsoleStale(directory = consoleDirectory): Promise<boolean> {
  const built = await readFile(join(directory, stampFile), 'utf8').catch(() => null)
  if (built === null) return true
  const shipsWithoutSources = await stat(join(home, 'src')).then(
    () => false,
    () => true,
  )
  return !shipsWithoutSources && built !== (await hashSources())
}

let running: Promise<void> | null = null

/** Builds beside the old console and puts it in place as a whole; callers at the same time share one build. */
export function buildConsole(): Promise<void> {
  running ??= build().finally(() => {
    running = null
  })
  return running
}

async function build(): Promise<void> {
  await removeAbandoned()
  const staging = join(home, `${stagingPrefix}${randomUUID()}`)
  try {
    // Hashed before the build: a change meanwhile makes the result stale rather than wrongly fresh.
    const hash = await hashSources()
    await runVite(staging)
    await writeFile(join(staging, stampFile), hash)
    await swapIn(staging, consoleDirectory)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Another process may do the same at this moment; whoever is last wins, and both results are whole. */
export async function swapIn(staging: string, target: string): Promise<void> {
  const old = join(dirname(target), `${stagingPrefix}${randomUUID()}`)
  for (let attempt = 1; ; attempt++) {
    await rename(target, old).catch(ignore('ENOENT'))
    const taken = await rename(staging, target).then(
      () => false,
      error => {
        if (attempt >= swapTries || !isCode(error, ['ENOTEMPTY', 'EEXIST', 'EPERM'])) throw error
        return true
      },
    )
    await rm(old, { recursive: true, force: true })
    if (!taken) return
  }
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  const args = [vite, 'build', '--configLoader', 'native', '--outDir', outDir, '--logLevel', 'warn']
  const child = spawn(process.execPath, args, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`The console could not be built (vite ended with ${code}):\n${output.trim()}`)
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of await filesUnder(join(home, source))) {
      if (/\.test\.tsx?$/.test(file)) continue
      hash.update(`${relative(home, file)}\0`).update(await readFile(file))
    }
  }
  return hash.digest('hex')
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch(ignore('ENOENT'))
  if (found === undefined) return []
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path)
  const nested = await Promise.all(entries.sort().map(entry => filesUnder(join(path, entry))))
  return nested.flat()
}

async function removeAbandoned(): Promise<void> {
  await mkdir(home, { recursive: true })
  for (const entry of await readdir(home)) {
    if (!entry.startsWith(stagingPrefix)) continue
    const path = join(home, entry)
    const found = await stat(path).catch(ignore('ENOENT'))
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

function ignore(code: string): (error: unknown) => undefined {
  return error => {
    if (!isCode(error, [code])) throw error
  }
}

function isCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
