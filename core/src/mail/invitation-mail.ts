import type { Mail } from './mailer.ts'
import { writeMail } from './write-mail.ts'

/** The mail that asks somebody into an organisation; they need not have an account, so it greets nobody by name. */
export const invitationMail = (input: {
  to: string
  organization: string
  role: string
  days: number
  link: string
}): Omit<Mail, 'id'> =>
  writeMail({
    to: input.to,
    subject: `Join ${input.organization} on Calotype`,
    name: 'there',
    before: [`You are invited to ${input.organization} as ${input.role}.`],
    action: { words: 'Accept the invitation', link: input.link },
    after: [
      `The link works once, for ${input.days === 1 ? 'one day' : `${input.days} days`}. If you do not know who sent it, ignore it.`,
    ],
  })
