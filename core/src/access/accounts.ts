/** A signed-in person, as the cookies of a request prove. */
export interface AccountSession {
  sessionId: string
  userId: string
  /** The organisation that the person works in; null: the oldest membership counts. */
  organizationId: string | null
}

/** Accounts of people and their sessions, kept by an authentication library. */
export interface Accounts {
  /** The signed-in person behind the cookies or bearer session of a request; null when there is none. */
  findSession(headers: Headers): Promise<AccountSession | null>
  /** Answers everything under /api/auth. */
  handle(request: Request): Promise<Response>
}
