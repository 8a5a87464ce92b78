export interface Organization {
  id: string
  name: string
  createdAt: Date
}

/** Organisations. A deleted one is there no longer for anybody but the job that removes what it held. */
export interface OrganizationStore {
  find(organizationId: string): Promise<Organization | null>
  /** The organisation, its row held to the end of the transaction: changes of its members and projects come one after another. */
  lock(organizationId: string): Promise<Organization | null>
  add(organization: Organization): Promise<void>
  rename(organizationId: string, name: string): Promise<void>
  /** From here on it is there no longer; its keys, links, sessions, members and invitations are gone at once. */
  markDeleted(organizationId: string, at: Date): Promise<void>
  /** Removes the rows of a deleted organisation; its projects have to be gone already. */
  remove(organizationId: string): Promise<void>
}
