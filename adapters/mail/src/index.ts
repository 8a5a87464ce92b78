export { checkMailServer } from './check-mail-server.ts'
export { createDiskMailer, MAX_OUTBOX_MAILS } from './disk-mailer.ts'
export { createSmtpMailer } from './smtp-mailer.ts'
