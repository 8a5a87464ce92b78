import type { AuditAction } from '@calotype/sdk'
import { type Command, InvalidArgumentError } from 'commander'
import { CommandError } from '../exit-codes.ts'
import { answer, openSession, type Surroundings } from '../session.ts'
import { plain, table } from '../terminal.ts'

interface ListOptions {
  action?: AuditAction
  actor?: string
  subject?: string
  project?: string
  limit: number
}

/** `calotype audit list` and `calotype audit verify`. */
export function audit(program: Command, surroundings: Surroundings): void {
  const group = program.command('audit').description('Who did what, and proof that nobody rewrote it')

  group
    .command('list')
    .description('Show the newest entries')
    .option('--action <action>', 'only this, e.g. image.deleted')
    .option('--actor <id>', 'only what this person or key did')
    .option('--subject <id>', 'only what was done to this image, key or run')
    .option('--project <id>', 'only in this project')
    .option('--limit <number>', 'how many, up to 200', readLimit, 50)
    .action(async ({ project, actor, ...filters }: ListOptions, command: Command) => {
      const session = openSession(command, surroundings)
      const { signal } = session
      const page = await session.calotype.audit.page({ ...filters, projectId: project, actorId: actor, signal })
      const rows = page.items.map(entry => [
        ...[entry.seal ? `#${entry.seal.seq}` : 'waits', entry.at, entry.action],
        ...[`${entry.actor.kind} ${entry.actor.id}`, plain(entry.detail)],
      ])
      answer(session, page, rows.length === 0 ? 'Nothing yet.' : table(rows))
    })

  group
    .command('verify')
    .description('Compute the whole chain again and say whether anything was altered, taken out, put in or moved')
    .option('--organization <id>', 'refuse unless the key belongs to this organisation')
    .option('--head <seq:hash...>', 'heads from the program’s log: they show whether the end was cut off', readHead)
    .action(async (options: { organization?: string; head?: Head[] }, command: Command) => {
      const session = openSession(command, surroundings)
      const { organization: organizationId, head: heads } = options
      const report = await session.calotype.audit.verify({ organizationId, heads, signal: session.signal })
      const { seq, hash } = report.head
      const length = `${report.entries} entries in the chain, ${report.unsealed} waiting`
      const found = report.problems.map(problem => `  ${plain(problem.detail)}`)
      const words = report.ok
        ? `Nothing was changed: ${length}.\nHead: ${seq}:${hash}`
        : `The audit log was tampered with: ${length}.\n${found.join('\n')}`
      answer(session, report, words)
      if (!report.ok) throw new CommandError('differs', `${report.problem_count} things are wrong with the audit log.`)
    })
}

interface Head {
  seq: number
  hash: string
}

function readHead(text: string, before: Head[] = []): Head[] {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined) throw new InvalidArgumentError('A head looks like 42:9f86d081….')
  return [...before, { seq: Number(seq), hash }]
}

export function readLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw new InvalidArgumentError('It is a number from 1 to 200.')
  return limit
}
