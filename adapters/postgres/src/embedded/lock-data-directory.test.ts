import { symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DataDirectoryInUse, lockDataDirectory } from './index.ts'
import { startContender } from './testing/server-process.ts'
import { temporaryFolder } from './testing/test-setup.ts'

async function refusal(dataDirectory: string): Promise<DataDirectoryInUse> {
  const error: unknown = await lockDataDirectory(dataDirectory).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DataDirectoryInUse)) throw new Error(`Expected a refusal, got ${String(error)}`)
  return error
}

it('refuses the second holder, by whatever path it comes, and names directory and process', async () => {
  const folder = await temporaryFolder()
  const directory = join(folder, 'data')
  const lock = await lockDataDirectory(directory)
  await symlink(directory, join(folder, 'alias'))
  const error = await refusal(join(folder, 'alias'))
  expect(error.code).toBe('data_directory_in_use')
  expect(error.message).toContain(directory)
  expect(error.message).toContain(`process ${process.pid} on`)
  await lock.release()
  await (await lockDataDirectory(directory)).release()
})

it('is free again as soon as its holder is killed, whatever names the dead one left', async () => {
  const directory = await temporaryFolder()
  const holder = await startContender()
  expect(await holder.tell(directory)).toBe('locked')
  expect((await refusal(directory)).holderPid).toBe(holder.pid)
  await holder.kill()
  // As if the pid had been given to a process that lives: ourselves.
  await writeFile(join(directory, 'calotype.lock.holder'), JSON.stringify({ pid: process.pid, host: hostname() }))
  await (await lockDataDirectory(directory)).release()
})

it('of three processes at the same instant exactly one wins, 20 times', async () => {
  const contenders = await Promise.all([startContender(), startContender(), startContender()])
  const folder = await temporaryFolder()
  for (let round = 1; round <= 20; round++) {
    const directory = join(folder, String(round))
    const answers = await Promise.all(contenders.map(contender => contender.tell(directory)))
    const lost = answers.filter(answer => answer.startsWith('refused DataDirectoryInUse'))
    expect(
      answers.filter(answer => answer === 'locked'),
      `round ${round}: ${answers.join(' | ')}`,
    ).toHaveLength(1)
    expect(lost).toHaveLength(2)
    await Promise.all(contenders.map(contender => contender.tell('release')))
  }
})

it('of ten in one process at the same instant exactly one wins', async () => {
  const directory = await temporaryFolder()
  for (let round = 1; round <= 5; round++) {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataDirectory(directory)))
    const winners = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    expect(winners).toHaveLength(1)
    await winners[0]?.release()
  }
})
