import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DeploymentInput, readDeployment } from './deployment.ts'
import { synthesize } from './synthesize.ts'
import { exampleDeployment } from './testing/example.ts'

/** What a deployment can have besides the example. */
const MORE: Partial<DeploymentInput> = {
  running: true,
  archiveOriginalsAfterDays: 90,
  hostedZone: { id: 'Z0123456789', name: 'example.org' },
  corsOrigins: ['https://shop.example.org'],
}

// `npm run check` tries the example in every size by the rules that know the schema of each resource; they take seconds.
for (const size of ['hobby', 'team'] as const) {
  const directory = mkdtempSync(path.join(tmpdir(), 'calotype-template-'))
  try {
    synthesize(readDeployment(exampleDeployment({ ...MORE, size })), directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
