import path from 'node:path'
import { type BetterAuthAccounts, createBetterAuthAccounts } from '@calotype/better-auth'
import {
  type Clock,
  createMailSeal,
  type Database,
  deriveSecret,
  findAccountActor,
  type Mailer,
  type MailSeal,
  type SecurityLog,
} from '@calotype/core'
import { createDiskMailer, createSmtpMailer } from '@calotype/mail'
import type { DatabaseHandle } from '@calotype/postgres'
import type { FastifyBaseLogger } from 'fastify'
import { createAccountRules } from '../accounts/account-rules.ts'
import type { AccountSettings } from '../accounts/account-settings.ts'
import { createSignInNotes, type SignInNotes } from '../accounts/sign-in-notes.ts'

interface Config {
  settings: AccountSettings
  database: Database
  handle: DatabaseHandle
  security: SecurityLog
  clock: Clock
  log: FastifyBaseLogger
  /** The installation's secret; accounts and mail get secrets of their own from it. */
  secret: string
  publicUrl: string
  corsOrigins: readonly string[]
  dataDirectory: string
  maxUploadBytes: number
}

export interface OpenAccounts {
  accounts: BetterAuthAccounts
  signIns: SignInNotes
  mailer: Mailer
  mailSeal: MailSeal
}

/** Accounts with their rules, and the mail they need. */
export async function openAccounts(config: Config): Promise<OpenAccounts> {
  const { settings, database, clock, log, secret, publicUrl } = config
  const { memberships } = database
  const mailSeal = createMailSeal(deriveSecret(secret, 'mail'))
  const mailer =
    settings.smtpUrl === null
      ? createDiskMailer({ directory: path.join(config.dataDirectory, 'outbox'), from: settings.mailFrom })
      : createSmtpMailer({ url: settings.smtpUrl, from: settings.mailFrom })
  const { registration } = settings
  const { maxUploadBytes } = config
  const accounts = await createBetterAuthAccounts({
    kysely: config.handle.kysely,
    publicUrl,
    corsOrigins: config.corsOrigins,
    secret: deriveSecret(secret, 'accounts'),
    rules: createAccountRules({ database, clock, mailSeal, publicUrl, registration, maxUploadBytes }),
    log,
  })
  const signIns = createSignInNotes({
    security: config.security,
    findUserId: accounts.findUserId,
    organizationOf: async userId =>
      (await findAccountActor({ memberships }, { userId, organizationId: null }))?.organizationId ?? null,
    onError: error => log.warn({ component: 'accounts', err: error }, 'a sign-in was not noted'),
  })
  return { accounts, signIns, mailer, mailSeal }
}
