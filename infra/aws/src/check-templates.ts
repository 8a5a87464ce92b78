import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readDeployment } from './deployment.ts'
import { SIZES } from './sizes.ts'
import { synthesize } from './synthesize.ts'

/** What a deployment can have besides the example. */
const MORE = {
  running: true,
  archiveOriginalsAfterDays: 90,
  hostedZone: { id: 'Z0123456789', name: 'example.org' },
  corsOrigins: ['https://shop.example.org'],
}

// `npm run check` tries the example in every size by the rules that know the schema of each resource; they take seconds.
const example: unknown = JSON.parse(readFileSync(new URL('../deployment.example.json', import.meta.url), 'utf8'))
for (const size of Object.keys(SIZES)) {
  const directory = mkdtempSync(path.join(tmpdir(), 'calotype-template-'))
  try {
    synthesize(readDeployment({ ...Object(example), ...MORE, size }), directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
