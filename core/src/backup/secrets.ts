import { z } from 'zod'
import { deriveSecret } from '../access/index.ts'
import type { BlobStore } from '../blob-store.ts'
import { backupDamaged, secretDiffers } from './errors.ts'
import type { Manifest } from './manifest.ts'
import { COPYING } from './streams.ts'

const MAX_SECRETS_BYTES = 64 * 1024

/** What an installation cannot be without, beside its rows and objects. */
export const InstallationSecrets = z.object({
  /** Seals webhooks, mails and the keys of tokens; signs URLs. */
  secretKey: z.string(),
  /** The key of the first start, where it is kept in a file. */
  ownerKey: z.string().nullable(),
})
export type InstallationSecrets = z.infer<typeof InstallationSecrets>

/** Where the target keeps them. */
export interface SecretKeeper {
  /** The secret that the target has already; null when it has none and will take one. */
  readSecretKey(): Promise<string | null>
  write(secrets: InstallationSecrets): Promise<void>
}

/** The same for the same secret, and of no use for finding out what it is: it has 32 characters at least. */
export const markOf = (secretKey: string): string => deriveSecret(secretKey, 'backup mark')

/** What the target has to be given; null when it has the secret already. Rejects with `secret_differs`. */
export async function settleSecrets(
  archive: BlobStore,
  manifest: Pick<Manifest, 'secretMark' | 'secrets'>,
  keeper: SecretKeeper,
): Promise<InstallationSecrets | null> {
  const own = await keeper.readSecretKey()
  if (own !== null && markOf(own) !== manifest.secretMark)
    throw secretDiffers(
      manifest.secrets
        ? `SECRET_KEY is another one. The right one is in the backup, in ${manifest.secrets.name}.`
        : 'SECRET_KEY is another one, and this backup was made without secrets.',
    )
  if (manifest.secrets) return readSecrets(archive, manifest.secrets.name)
  if (own === null) throw secretDiffers('this backup was made without it. Set SECRET_KEY to it.')
  return null
}

async function readSecrets(archive: BlobStore, name: string): Promise<InstallationSecrets> {
  const found = await archive.readWhole(name, MAX_SECRETS_BYTES, COPYING)
  if (found === null || found === 'too_large') throw backupDamaged(name)
  return InstallationSecrets.parse(JSON.parse(found.bytes.toString('utf8')))
}
