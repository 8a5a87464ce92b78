import type { AuditReport } from '@calotype/sdk'
import { useMutation } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'

/** Computes the chain anew and says whether anything in it was touched. */
export function VerifyChain() {
  const check = useMutation({ mutationFn: () => api.audit.verify() })
  return (
    <>
      <Button icon="link" disabled={check.isPending} onClick={() => check.mutate()}>
        {check.isPending ? 'Checking…' : 'Check the chain'}
      </Button>
      <div role="status" className="basis-full text-sm empty:hidden">
        {check.data !== undefined && <Report report={check.data} />}
        {check.error !== null && <p className="text-red-ink">{failureOfError(check.error).detail}</p>}
      </div>
    </>
  )
}

function Report({ report }: { report: AuditReport }) {
  const { ok, entries, unsealed, head, problems, problem_count: count } = report
  return (
    <div className="rounded-md border border-line bg-sheet p-4">
      <p className={`flex items-center gap-2 font-medium ${ok ? 'text-green-ink' : 'text-red-ink'}`}>
        <Icon name={ok ? 'check' : 'warning'} />
        {ok ? `The chain is whole: ${counted(entries, 'entry', 'entries')}.` : `${counted(count, 'defect')} found.`}
      </p>
      <ul className="mt-2 space-y-1">
        {problems.map(({ seq, kind, detail }) => (
          <li key={`${seq} ${kind}`}>{detail}</li>
        ))}
      </ul>
      <p className="figures mt-2 text-xs break-all text-ink-soft">
        Head {head.seq}:{head.hash}
      </p>
      <p className="mt-1 text-xs text-ink-faint">
        Keep the head elsewhere, and the end cannot be cut off unseen.
        {unsealed > 0 && ` ${counted(unsealed, 'entry waits', 'entries wait')} to be sealed, a minute at most.`}
      </p>
    </div>
  )
}
