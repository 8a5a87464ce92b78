import { judgeCorpus } from './corpus.ts'
import { measureGrowth, measureMemory } from './memory.ts'

/** What strangers may send: verdicts on a corpus of hostile files, and the memory that the largest and many small take. */
export async function hostile(): Promise<void> {
  if (process.env.CORPUS) await judgeCorpus()
  else console.log('\nWithout CORPUS there are no hostile files to judge.')
  await measureMemory()
  await measureGrowth()
}
