import { setTimeout as sleep } from 'node:timers/promises'
import type { ReconcileReport } from '@calotype/sdk'
import type { Command } from 'commander'
import { CommandError } from '../exit-codes.ts'
import { answer, openSession, type Session, type Surroundings } from '../session.ts'
import { createProgress, plain } from '../terminal.ts'

const POLL_MS = 250
/** Lines of each kind that a person is shown; `--json` has them all. */
const SHOWN = 20

/** `calotype reconcile`: storage against records. */
export function reconcile(program: Command, surroundings: Surroundings): void {
  program
    .command('reconcile')
    .description('Compare what storage holds with what is on record; changes nothing unless told to')
    .option('--project <id>', 'this project instead of the default one')
    .option('--all', 'every project of the organisation, and objects that belong to none', false)
    .option('--apply', 'repair what is found, after looking at each thing again', false)
    .option('--no-wait', 'only begin it, and print the id')
    .action(async (options: { project?: string; all: boolean; apply: boolean; wait: boolean }, command: Command) => {
      const session = openSession(command, surroundings)
      const { project: projectId, apply } = options
      const scope = options.all ? 'organization' : 'project'
      const started = await session.calotype.reconcile.start({ projectId, scope, apply, signal: session.signal })
      if (!options.wait) return answer(session, started, started.id)
      const report = await follow(session, started)
      answer(session, report, inWords(report))
      if (report.status === 'failed') throw new CommandError('failed', report.failure ?? 'It ended early.')
      const open = Object.values(report.counts).some(({ found, repaired }) => found > repaired)
      if (open) throw new CommandError('differs', 'Storage and records differ.')
    })
}

async function follow(session: Session, { id }: ReconcileReport): Promise<ReconcileReport> {
  const { calotype, signal, terminal } = session
  const progress = createProgress(terminal)
  try {
    for (;;) {
      const report = await calotype.reconcile.get(id, { findings: 'none', signal })
      if (report.status === 'done' || report.status === 'failed') return await calotype.reconcile.get(id, { signal })
      const { rows, expected_rows } = report.progress
      progress.show(expected_rows === null ? null : rows / Math.max(1, expected_rows), plain(report.summary))
      await sleep(POLL_MS, undefined, { signal })
    }
  } finally {
    progress.end()
  }
}

function inWords({ summary, findings }: ReconcileReport): string {
  const lines: string[] = [summary]
  for (const kind of new Set(findings.map(finding => finding.kind))) {
    const some = findings.filter(finding => finding.kind === kind)
    lines.push('', ...some.slice(0, SHOWN).map(finding => `${plain(finding.key)}\n  ${plain(finding.detail)}`))
    if (some.length > SHOWN) lines.push(`… and ${some.length - SHOWN} more like these; --json shows them.`)
  }
  return lines.join('\n')
}
