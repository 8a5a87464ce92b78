/** How long a token for a new password is good. */
export const RESET_SECONDS = 3_600

/** What the product demands of accounts. The library asks at these moments; a DomainError refuses, in the library's error form. */
export interface AccountRules {
  /** Before a new account is made, e.g. because registration is closed. */
  beforeSignUp(person: { email: string; headers: Headers }): Promise<void>
  /** After a sign-up or a sign-in, before it is answered. */
  afterSignIn(person: { userId: string; headers: Headers }): Promise<void>
  /** Before an account is deleted for good; its sessions and ways to sign in follow. */
  beforeDelete(person: { userId: string; headers: Headers }): Promise<void>
  /** Sends the single-use token that sets a new password; good for `RESET_SECONDS`. */
  sendReset(person: { email: string; name: string; token: string; headers: Headers }): Promise<void>
  /** The organisation that somebody works in: the wished one if they belong to it, else another of theirs; null when there is none. */
  organizationOf(person: { userId: string; wished: string | null }): Promise<string | null>
}
