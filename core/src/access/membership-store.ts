import type { Organization } from './organization.ts'
import type { Role } from './permissions.ts'

/** A person with an account. */
export interface Person {
  id: string
  name: string
  email: string
}

/** What a person is in an organisation. */
export interface Membership {
  /** Minted when the person joined: members are listed by it, newest first. */
  id: string
  organizationId: string
  userId: string
  role: Role
  joinedAt: Date
}

/** A membership with the person, as the organisation sees it. */
export interface Member extends Membership {
  name: string
  email: string
}

/** Who belongs to which organisation. Organisations that are deleted have no members. */
export interface MembershipStore {
  find(userId: string, organizationId: string): Promise<Membership | null>
  /** Every organisation of a person with their role, the one joined first at the front. */
  listByUser(userId: string): Promise<ReadonlyArray<{ organization: Organization; membership: Membership }>>
  /** Members newest first, below the membership id `before`. */
  list(query: { organizationId: string; before: string | null; limit: number }): Promise<readonly Member[]>
  /** One member with name and e-mail address. */
  findMember(organizationId: string, userId: string): Promise<Member | null>
  findPerson(userId: string): Promise<Person | null>
  /** Holds the person's row to the end of the transaction, so that their memberships can be counted; false when there is none. */
  lockPerson(userId: string): Promise<boolean>
  findOwnerCount(organizationId: string): Promise<number>
  /** False when the person is a member already. */
  add(membership: Membership): Promise<boolean>
  /** False when the person is no member. */
  setRole(organizationId: string, userId: string, role: Role): Promise<boolean>
  /** False when the person is no member. */
  remove(organizationId: string, userId: string): Promise<boolean>
  /** The organisation that a person's session works in from now on. */
  setActiveOrganization(sessionId: string, organizationId: string): Promise<void>
}
