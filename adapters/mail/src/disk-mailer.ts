import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { isId, type Mailer } from '@calotype/core'
import { composeSource } from './letter-source.ts'

/** Mails that are kept; the oldest go first. */
export const MAX_OUTBOX_MAILS = 1_000
const EXTENSION = '.eml'

/**
 * Puts every mail into a directory instead of sending it: `<id>.eml`, for the owner of the process alone (0600 in 0700). For programs
 * without a mail server: whoever runs them opens the file.
 */
export function createDiskMailer(config: { directory: string; from: string; keep?: number }): Mailer {
  const { directory, from, keep = MAX_OUTBOX_MAILS } = config
  return {
    async send(mail) {
      const source = await composeSource(mail, from)
      await mkdir(directory, { recursive: true, mode: 0o700 })
      // The directory may be older than this rule.
      await chmod(directory, 0o700)
      await writeWhole(path.join(directory, `${mail.id}${EXTENSION}`), source)
      await removeOldest(directory, keep)
      return mail.id
    },
  }
}

async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const temporary = `${file}.tmp`
  await rm(temporary, { force: true })
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}

/** Names are ids and those are in order of time. What a killed process left half written goes too, once it is among the oldest. */
async function removeOldest(directory: string, keep: number): Promise<void> {
  const names = (await readdir(directory)).filter(name => isId(name.slice(0, name.indexOf('.')))).sort()
  for (const name of names.slice(0, Math.max(0, names.length - keep)))
    await rm(path.join(directory, name), { force: true })
}
