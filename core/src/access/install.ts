import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { DEFAULT_SOURCE_LIMITS, DEFAULT_VARIANTS } from '../rendering/index.ts'
import type { ProjectSettings } from './project.ts'
import { hashSecret, newSecret } from './secrets.ts'

export const DEFAULT_MAX_UPLOAD_BYTES = 50 * 1024 * 1024

/** What a new project starts with. */
export const defaultProjectSettings = (maxBytes = DEFAULT_MAX_UPLOAD_BYTES): ProjectSettings => ({
  limits: DEFAULT_SOURCE_LIMITS,
  minBytes: 1,
  maxBytes,
  variants: DEFAULT_VARIANTS,
  visibility: 'private',
  retentionDays: 7,
  detectionTypes: [],
})

/** The organisation of the installation with its project `default`; the lock has to be held. */
export async function makeFirstOrganization(
  tx: Pick<Stores, 'installation'>,
  input: { maxUploadBytes: number },
): Promise<string> {
  const organization = { id: newId(), name: 'My organisation' }
  await tx.installation.addOrganization(organization)
  const settings = defaultProjectSettings(input.maxUploadBytes)
  await tx.installation.addProject({ id: newId(), organizationId: organization.id, name: 'default', settings })
  return organization.id
}

/** Where the owner key is kept for the person who installed: a file of mode 0600 on the embedded default. */
export interface OwnerKeyFile {
  read(): Promise<string | null>
  write(key: string): Promise<void>
}

/**
 * Makes organisation, project `default` and an owner key where they are missing. A key file that is gone or names no live key is
 * written anew, so that a start killed at any line is mended by the next one.
 */
export async function install(
  deps: { database: Database; ownerKey: OwnerKeyFile },
  input: { maxUploadBytes: number },
): Promise<{ organizationId: string }> {
  const organizationId = await deps.database.transaction(async tx => {
    await tx.installation.lock()
    return (await tx.installation.findFirstOrganization())?.id ?? makeFirstOrganization(tx, input)
  })
  const known = await deps.ownerKey.read()
  if (known && (await deps.database.credentials.findByApiKey(hashSecret(known)))) return { organizationId }
  const key = newSecret('key')
  await deps.ownerKey.write(key)
  const row = {
    id: newId(),
    organizationId,
    name: 'Owner key of the first start',
    role: 'owner' as const,
    keyHash: hashSecret(key),
  }
  await deps.database.installation.addApiKey(row)
  return { organizationId }
}
