import { DomainError } from '../errors.ts'

export const nothingToCopy = (where: string): DomainError =>
  new DomainError('not_found', 'nothing_to_copy', `${where} holds no installation.`)

export const backupNotFound = (): DomainError =>
  new DomainError('not_found', 'backup_not_found', 'There is no backup at this place.')

export const backupUnfinished = (): DomainError =>
  new DomainError(
    'conflict',
    'backup_unfinished',
    'The backup at this place was never finished. Run `backup` with the same place again: it goes on where it stopped.',
  )

export const backupDamaged = (file: string): DomainError =>
  new DomainError('content', 'backup_damaged', `The backup is damaged: ${file} is not what was written.`, {
    reason: file,
  })

export const backupTooNew = (actual: number, limit: number): DomainError =>
  new DomainError(
    'conflict',
    'backup_too_new',
    `This was made by a newer Calotype: its schema has version ${actual}, this program knows ${limit}. Use the newer program.`,
    { limit, actual },
  )

export const installationNotEmpty = (reason: string): DomainError =>
  new DomainError(
    'conflict',
    'installation_not_empty',
    `The target is in use: it has ${reason}. Take an empty database, and an empty bucket or data directory.`,
    { reason },
  )

export const secretDiffers = (reason: string): DomainError =>
  new DomainError(
    'conflict',
    'secret_differs',
    `The target has to have the secret of the installation, or webhooks, tokens and waiting mails could not be read there: ${reason}`,
    { reason },
  )

export const copyDiffers = (key: string): DomainError =>
  new DomainError('storage', 'copy_differs', `What was written is not what can be read back: ${key}. Run it again.`, {
    reason: key,
  })

export const backupBusy = (): DomainError =>
  new DomainError('conflict', 'backup_busy', 'Another command works on this place. Wait for it.')

export const sourceInUse = (who: string): DomainError =>
  new DomainError(
    'conflict',
    'source_in_use',
    `The source is being served by ${who}. Stop every server and worker first: what they write meanwhile would be lost.`,
    { reason: who },
  )
