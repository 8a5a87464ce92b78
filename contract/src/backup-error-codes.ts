/** Codes of the commands `backup`, `restore` and `transfer`, which end with exit code 1. No HTTP call answers them. */
export const BACKUP_ERROR_CODES = {
  nothing_to_copy: {
    status: 404,
    meaning: 'The source of a backup or a transfer holds no installation.',
    remedy: 'Run the command with the environment of the server: DATA_DIR, or DATABASE_URL and S3_BUCKET.',
  },
  backup_not_found: {
    status: 404,
    meaning: 'There is no backup at this place.',
    remedy: 'Name the place that `backup --to` was given.',
  },
  backup_unfinished: {
    status: 409,
    meaning: 'The backup at this place was broken off and never finished.',
    remedy: 'Run `backup` with the same place again: what it has copied is not copied anew.',
  },
  backup_busy: {
    status: 409,
    meaning: 'Another command works on this place.',
    remedy: 'Wait for it.',
  },
  backup_damaged: {
    status: 422,
    meaning: 'A file of the backup, `details.reason`, is not what was written. Nothing was restored.',
    remedy: 'Take another copy of the backup, or another backup. While the installation still runs, make a new one.',
  },
  backup_too_new: {
    status: 409,
    meaning: 'The backup was made by a newer Calotype than the one that restores it.',
    remedy: 'Restore it with the newer program.',
  },
  installation_not_empty: {
    status: 409,
    meaning: 'The target of a restore or a transfer has rows or objects of its own: `details.reason`.',
    remedy: 'Take an empty database, and an empty bucket or data directory.',
  },
  secret_differs: {
    status: 409,
    meaning:
      'The target has another SECRET_KEY than the installation, or none where the backup was made without secrets.',
    remedy: 'Set SECRET_KEY to the one of the installation: sealed secrets and tokens could not be read otherwise.',
  },
  source_in_use: {
    status: 409,
    meaning: 'The source of a transfer is being served.',
    remedy: 'Stop every server and worker on it: what they write during the transfer would be lost.',
  },
  copy_differs: {
    status: 502,
    meaning: 'What was written could not be read back as it was: `details.reason`.',
    remedy: 'Run the command again. If it stays so, look at the target’s storage.',
  },
}
