import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { DeploymentError, readDeployment } from './deployment.ts'
import { createStack } from './stack.ts'

/** Writes the template of a deployment file (the first argument) into cdk.out. Needs no network and no account. */
function main([file = 'deployment.json']: readonly string[]): void {
  const deployment = readDeployment(JSON.parse(readFileSync(file, 'utf8')))
  // The rules that come with CDK know the schema of every resource: what CloudFormation would refuse fails here.
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
  createStack(app, deployment)
  app.synth()
}

try {
  main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof DeploymentError || !(error instanceof Error) ? error : error.stack}\n`)
  process.exitCode = 1
}
