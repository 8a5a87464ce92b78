export { checkBackup } from './check-backup.ts'
export { type Comparison, compareInstallations, type Installation } from './compare-installations.ts'
export type { KeyTally } from './copy-objects.ts'
export type {
  DatabaseLoader,
  DatabaseLoading,
  DatabaseMoment,
  DatabaseReader,
  ObjectReference,
} from './database-copy.ts'
export {
  backupBusy,
  backupNotFound,
  installationNotEmpty,
  nothingToCopy,
  secretDiffers,
  sourceInUse,
} from './errors.ts'
export { type BackupMade, makeBackup } from './make-backup.ts'
export { type Manifest as BackupManifest, openBackup } from './manifest.ts'
export { prefixBlobStore } from './prefixed-blob-store.ts'
export type { CopyProgress, CopyStep, OnProgress } from './progress.ts'
export { type RestoreDeps, restoreBackup } from './restore-backup.ts'
export { type InstallationSecrets, markOf, type SecretKeeper } from './secrets.ts'
export { type TransferDeps, type Transferred, transfer } from './transfer.ts'
