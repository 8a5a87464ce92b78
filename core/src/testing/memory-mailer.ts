import type { Mail, Mailer } from '../mail/index.ts'

export interface MemoryMailer extends Mailer {
  /** By id: the same mail twice is one. */
  sent: Map<string, Mail>
}

/** Keeps what it is given. */
export function createMemoryMailer(): MemoryMailer {
  const sent = new Map<string, Mail>()
  return {
    sent,
    async send(mail) {
      sent.set(mail.id, mail)
      return mail.id
    },
  }
}
