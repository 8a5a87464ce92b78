import { newId } from '../ids.ts'
import type { JobQueue } from '../jobs/index.ts'
import type { MailSeal } from './mail-seal.ts'
import type { Mail } from './mailer.ts'

/**
 * Leaves a mail to the job queue, sealed, and resolves with its id. After `expiresAt` it is not sent any more, because
 * the link in it leads nowhere then.
 */
export async function queueMail(
  deps: { jobs: JobQueue; mailSeal: MailSeal },
  mail: Omit<Mail, 'id'>,
  options: { requestId: string; expiresAt: Date },
): Promise<string> {
  const mailId = newId()
  await deps.jobs.enqueue('mail.send', {
    requestId: options.requestId,
    mailId,
    expiresAt: options.expiresAt.toISOString(),
    sealed: deps.mailSeal.seal(JSON.stringify(mail)),
  })
  return mailId
}
