import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { DomainError } from '../errors.ts'
import type { JobPayload } from '../jobs/index.ts'
import type { MailSeal } from './mail-seal.ts'
import type { Mailer } from './mailer.ts'

const Content = z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() })

/**
 * The job `mail.send`. Rejects while the mail server is away, so that it is tried again; a mail that is refused, was sealed with another
 * secret, or came too late ends here. Killed after sending, it sends the same mail again: the id tells mail programs.
 */
export async function deliverMail(
  deps: { mailer: Mailer; mailSeal: MailSeal; clock: Clock },
  payload: JobPayload<'mail.send'>,
): Promise<'sent' | 'expired' | 'unreadable' | 'refused'> {
  if (deps.clock.now() >= new Date(payload.expiresAt)) return 'expired'
  const content = open(deps.mailSeal, payload.sealed)
  if (!content) return 'unreadable'
  try {
    await deps.mailer.send({ ...content, id: payload.mailId })
    return 'sent'
  } catch (error) {
    if (error instanceof DomainError && error.code === 'mail_refused') return 'refused'
    throw error
  }
}

function open(seal: MailSeal, sealed: string): z.infer<typeof Content> | null {
  try {
    return Content.parse(JSON.parse(seal.open(sealed)))
  } catch {
    // No try mends this: the secret was changed since.
    return null
  }
}
