import type { Database } from '../database.ts'
import { newId } from '../ids.ts'
import { makeFirstOrganization } from './install.ts'
import { hashSecret, newSecret } from './secrets.ts'

/**
 * Prepares a database that several processes will share: organisation, project `default` and an owner key in one step, however many do it
 * at once. Where that was done already, `ownerKey` is null, unless another key is asked for: for whoever lost the first one, or was
 * interrupted before it was shown.
 */
export async function initialize(
  deps: { database: Database },
  input: { maxUploadBytes: number; anotherKey: boolean },
): Promise<{ organizationId: string; ownerKey: string | null }> {
  return deps.database.transaction(async tx => {
    await tx.installation.lock()
    const existing = await tx.installation.findFirstOrganization()
    if (existing && !input.anotherKey) return { organizationId: existing.id, ownerKey: null }
    const organizationId = existing?.id ?? (await makeFirstOrganization(tx, input))
    const ownerKey = newSecret('key')
    const name = existing ? 'Owner key made by hand' : 'Owner key of the first start'
    await tx.installation.addApiKey({ id: newId(), organizationId, name, role: 'owner', keyHash: hashSecret(ownerKey) })
    return { organizationId, ownerKey }
  })
}
