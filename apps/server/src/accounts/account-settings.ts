import { REGISTRATION_MODES, type RegistrationMode } from '@calotype/core'
import { z } from 'zod'
import { findOpenModeProblems } from './open-mode.ts'

const HOST_NAME = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/

const hosts = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(name => name.trim().toLowerCase())
      .filter(name => name !== ''),
  )
  .refine(names => names.every(name => HOST_NAME.test(name)), {
    error: 'must be host names, with or without a port, separated by commas',
  })

/** Environment variables about accounts, and about who may be asked without one. */
export const AccountEnvironment = {
  AUTH: z
    .enum(['accounts', 'open'])
    .default('accounts')
    .describe(
      'Who may do something: people and keys that prove who they are, or (`open`) everybody, as owner. Open is for a machine that nobody else reaches.',
    ),
  AUTH_OPEN_PUBLIC: z
    .enum(['yes', 'no'])
    .default('no')
    .describe('`yes` lets AUTH=open start on an address that others can reach.'),
  REGISTRATION: z
    .enum(REGISTRATION_MODES)
    .default('open')
    .describe('Who may make an account: anybody, or (`closed`) those who were invited.'),
  TRUSTED_HOSTS: hosts.describe(
    'Further host names that this server answers under, separated by commas; one without a port stands for any port. That of PUBLIC_URL and names of the machine itself are always good.',
  ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' })
    .optional()
    .describe('The mail server, with name and password. By default mails are put into DATA_DIR/outbox as files.'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, 'must be an e-mail address, like Calotype <photos@example.org>')
    .optional()
    .describe('The sender of mails; needed with SMTP_URL.'),
}

const Fields = z.object(AccountEnvironment)

export interface AccountSettings {
  mode: 'accounts' | 'open'
  registration: RegistrationMode
  trustedHosts: readonly string[]
  /** The URL may carry a password; null: mails become files. */
  smtpUrl: string | null
  mailFrom: string
}

const OUTBOX_SENDER = 'Calotype <calotype@localhost>'

/** What the variables mean together, and every contradiction between them. */
export function readAccountSettings(e: z.infer<typeof Fields> & { HOST: string; PUBLIC_URL?: string | undefined }): {
  settings: AccountSettings
  problems: string[]
} {
  const problems = findOpenModeProblems({
    auth: e.AUTH,
    forced: e.AUTH_OPEN_PUBLIC === 'yes',
    host: e.HOST,
    publicUrl: e.PUBLIC_URL ?? null,
  })
  if (e.SMTP_URL !== undefined && e.MAIL_FROM === undefined)
    problems.push('MAIL_FROM is missing: with SMTP_URL mails need a sender')
  const settings = {
    mode: e.AUTH,
    registration: e.REGISTRATION,
    trustedHosts: e.TRUSTED_HOSTS,
    smtpUrl: e.SMTP_URL ?? null,
    mailFrom: e.MAIL_FROM ?? OUTBOX_SENDER,
  }
  return { settings, problems }
}
