import type { Mail } from '@calotype/core'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'

/** What both ways of sending give to the composer. Nothing is ever read from a file or an address named in a mail. */
export const mailOptions = (mail: Mail, from: string) => ({
  from,
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  // The same for every try, so that mail programs show it once.
  messageId: `<${mail.id}@${domainOf(from)}>`,
  disableFileAccess: true,
  disableUrlAccess: true,
})

/** The mail as it goes over the wire (RFC 5322). */
export const composeSource = (mail: Mail, from: string): Promise<Buffer> =>
  new MailComposer(mailOptions(mail, from)).compile().build()

const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'calotype.invalid'
