import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { limitReached, personNeeded } from './errors.ts'
import { defaultProjectSettings } from './install.ts'
import { MAX_ORGANIZATIONS_PER_PERSON } from './limits.ts'
import type { Organization } from './organization.ts'
import type { PersonContext } from './standing.ts'

type Deps = { database: Database; clock: Clock; maxUploadBytes: number }

/** Makes an organisation with its project `default`; whoever makes it is its owner. */
export function createOrganization(deps: Deps, by: PersonContext, input: { name: string }): Promise<Organization> {
  return deps.database.transaction(async tx => {
    await requireRoom(tx, by.userId)
    const organization = await addOrganization(tx, deps, by, input)
    await settleOnce(tx, by, { id: organization.id })
    return organization
  })
}

/** The same inside a transaction that holds the person's row. */
export async function addOrganization(
  tx: Stores,
  deps: Pick<Deps, 'clock' | 'maxUploadBytes'>,
  by: PersonContext,
  input: { name: string },
): Promise<Organization> {
  const organization = { id: newId(), name: input.name, createdAt: deps.clock.now() }
  await tx.organizations.add(organization)
  await tx.projects.add({
    id: newId(),
    organizationId: organization.id,
    name: 'default',
    settings: defaultProjectSettings(deps.maxUploadBytes),
    createdAt: organization.createdAt,
  })
  await tx.memberships.add({
    id: newId(),
    organizationId: organization.id,
    userId: by.userId,
    role: 'owner',
    joinedAt: organization.createdAt,
  })
  return organization
}

/** Holds the person's row and refuses one organisation too many. */
export async function requireRoom(tx: Pick<Stores, 'memberships'>, userId: string): Promise<void> {
  if (!(await tx.memberships.lockPerson(userId))) throw personNeeded()
  const { length } = await tx.memberships.listByUser(userId)
  if (length >= MAX_ORGANIZATIONS_PER_PERSON)
    throw limitReached('organisations of one person', MAX_ORGANIZATIONS_PER_PERSON)
}
