/** One mail, ready to go. The same id is the same mail, however often it is sent. */
export interface Mail {
  /** A ULID. */
  id: string
  to: string
  subject: string
  text: string
  html: string
}

export interface Mailer {
  /**
   * Hands a mail over and resolves with its id. Rejects with `mail_unavailable` when that may succeed later, with `mail_refused` when
   * the server will not take it.
   */
  send(mail: Mail): Promise<string>
}
