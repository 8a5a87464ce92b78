import type { TestProject } from 'vitest/node'
import { startRadosgw } from './radosgw.ts'

declare module 'vitest' {
  interface ProvidedContext {
    radosgw: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } }
  }
}

/** One gateway for all test files of a run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { connection, close } = await startRadosgw()
  const { region, endpoint, credentials } = connection
  if (!credentials) throw new Error('A gateway without credentials')
  project.provide('radosgw', { region, endpoint, credentials })
  return close
}
