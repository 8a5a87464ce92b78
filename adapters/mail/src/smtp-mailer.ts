import { type Mailer, mailRefused, mailUnavailable } from '@calotype/core'
import { createTransport } from 'nodemailer'
import { mailOptions } from './letter-source.ts'

/** How long a mail server may take to answer a connection, a greeting, or a step, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000
const STEP_TIMEOUT_MS = 30_000

/** Sends through a mail server: `smtp://` (with STARTTLS where offered) or `smtps://`, name and password in the URL. */
export function createSmtpMailer(config: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url: config.url,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    logger: false,
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail(mailOptions(mail, config.from))
        return mail.id
      } catch (error) {
        throw isFinal(error) ? mailRefused(error) : mailUnavailable(error)
      }
    },
  }
}

/** Whether the server said no for good (5xx) to this recipient or this mail; a refused password may be put right. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false
  const { code, responseCode } = error
  return (
    (code === 'EENVELOPE' || code === 'EMESSAGE') &&
    typeof responseCode === 'number' &&
    responseCode >= 500 &&
    // "Authentication required" is ours to mend, not the recipient's.
    responseCode !== 530
  )
}
