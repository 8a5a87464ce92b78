import type { Mail } from './mailer.ts'
import { writeMail } from './write-mail.ts'

/** The mail with the link that sets a new password. */
export const passwordResetMail = (input: { to: string; name: string; link: string }): Omit<Mail, 'id'> =>
  writeMail({
    to: input.to,
    subject: 'Set a new password',
    name: input.name,
    before: ['Somebody asked for a new password for this address. If it was you, set it here.'],
    action: { words: 'Set a new password', link: input.link },
    after: [
      'The link works once, for one hour. It ends every session of your account.',
      'If it was not you, there is nothing to do: your password stays as it is.',
    ],
  })
