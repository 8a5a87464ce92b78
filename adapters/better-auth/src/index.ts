export {
  BASE_PATH,
  type BetterAuthAccounts,
  createBetterAuthAccounts,
  type PublishedKey,
} from './better-auth-accounts.ts'
export * from './limits.ts'
export type { AccountsSettings } from './options.ts'
