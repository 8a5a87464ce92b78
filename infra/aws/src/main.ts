import { readFileSync } from 'node:fs'
import { DeploymentError, readDeployment } from './deployment.ts'
import { synthesize } from './synthesize.ts'

/** Writes the template of a deployment file (the first argument) into cdk.out. Needs no network and no account. */
function main([file = 'deployment.json']: readonly string[]): void {
  synthesize(readDeployment(JSON.parse(readFileSync(file, 'utf8'))))
}

try {
  main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof DeploymentError || !(error instanceof Error) ? error : error.stack}\n`)
  process.exitCode = 1
}
