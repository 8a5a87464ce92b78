import { type DataDirectoryLock, lockDataDirectory } from '../lock-data-directory.ts'

/** A child process that takes the lock of each directory it is sent, and gives up its last one on 'release'. */
let lock: DataDirectoryLock | undefined
process.on('message', async message => {
  if (message === 'release') {
    await lock?.release()
    lock = undefined
    process.send?.('released')
    return
  }
  try {
    lock = await lockDataDirectory(String(message))
    process.send?.('locked')
  } catch (error) {
    process.send?.(`refused ${String(error)}`)
  }
})
process.send?.('here')
