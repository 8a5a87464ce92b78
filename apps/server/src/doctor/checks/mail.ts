import { type Check, ok, skipped } from '../check.ts'

export const mail: Check = {
  name: 'mail',
  advice: 'Look at SMTP_URL: host, port, name and password. Letters wait meanwhile.',
  run: async ({ mail }) => {
    if ('missing' in mail) return skipped(mail.missing)
    await mail.part.check()
    return ok('the mail server lets us in; nothing was sent')
  },
}
