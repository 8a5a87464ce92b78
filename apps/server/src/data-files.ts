import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { newSecret, type OwnerKeyFile } from '@calotype/core'

/** A file of one line that only its owner may read, written whole or not at all. */
export async function writeSecretFile(file: string, line: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(`${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(temporary, 0o600)
  await rename(temporary, file)
}

const readSecretFile = async (file: string): Promise<string | null> => {
  try {
    return (await readFile(file, 'utf8')).trim() || null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The installation's secret where it was made already; changes nothing. */
export const findSecretKey = (directory: string): Promise<string | null> =>
  readSecretFile(path.join(directory, 'secret.key'))

/** What the embedded default keeps in its data directory besides database and blobs. */
export interface DataFiles {
  ownerKey: OwnerKeyFile
  /** The installation's secret, made at the first start. */
  secretKey(): Promise<string>
  /** The same, where it is there. */
  readSecretKey(): Promise<string | null>
  writeSecretKey(secretKey: string): Promise<void>
  writeConsoleLink(link: string): Promise<void>
}

export async function openDataFiles(directory: string): Promise<DataFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return dataFilesOf(directory)
}

/** The same in a directory that is left as it is until something is written. */
export function dataFilesOf(directory: string): DataFiles {
  const at = (name: string) => path.join(directory, name)
  return {
    ownerKey: { read: () => readSecretFile(at('owner.key')), write: key => writeSecretFile(at('owner.key'), key) },
    readSecretKey: () => readSecretFile(at('secret.key')),
    writeSecretKey: key => writeSecretFile(at('secret.key'), key),
    async secretKey() {
      const known = await readSecretFile(at('secret.key'))
      if (known) return known
      const made = newSecret('key')
      await writeSecretFile(at('secret.key'), made)
      return made
    },
    writeConsoleLink: link => writeSecretFile(at('console-link'), link),
  }
}
