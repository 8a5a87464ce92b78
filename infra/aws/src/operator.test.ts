import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../operator.sh', import.meta.url))

/** Writes down what it is asked, and answers as the command line of AWS does. */
const AWS = `#!/usr/bin/env bash
echo "$*" >> "$ASKED"
case "$1 $2" in
  "cloudformation describe-stacks") echo "$6" | sed -E "s/.*'(.*)'.*/the-\\1/" ;;
  "ecs run-task") echo arn:aws:ecs:r:1:task/calotype/0123abc ;;
  "ecs describe-tasks") echo "$EXIT_CODE" ;;
  "logs get-log-events") printf 'Owner key, shown only now: k\\tThe console: u\\n' ;;
esac
`

describe('the operator', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'calotype-operator-'))
    await writeFile(path.join(directory, 'aws'), AWS)
    await chmod(path.join(directory, 'aws'), 0o755)
  })
  afterAll(() => rm(directory, { recursive: true }))

  async function run(words: readonly string[], exitCode: string) {
    const asked = path.join(directory, `asked-${exitCode}`)
    const env = { PATH: `${directory}:${process.env.PATH}`, ASKED: asked, EXIT_CODE: exitCode }
    const said = execFileSync('bash', [script, ...words], { env, encoding: 'utf8' })
    return { said, asked: await readFile(asked, 'utf8') }
  }

  it('runs a command where the services run, shows what it said, and leaves no log of it', async () => {
    const { said, asked } = await run(['doctor', '--json'], '0')
    expect(said).toBe('Owner key, shown only now: k\nThe console: u\n')
    expect(asked).toContain('--cluster the-Cluster --task-definition the-OperatorTask --launch-type FARGATE')
    expect(asked).toContain(
      'subnets=[the-TaskSubnets],securityGroups=[the-TaskSecurityGroup],assignPublicIp=the-TaskPublicAddress',
    )
    expect(asked).toContain('"command":["node","apps/server/src/main.ts","doctor","--json"]')
    expect(asked).toContain(
      'logs delete-log-stream --log-group-name /calotype/calotype/operator --log-stream-name operator/server/0123abc',
    )
  })

  it('fails when the command fails', async () => {
    await expect(run(['doctor'], '1')).rejects.toThrow()
  })
})
