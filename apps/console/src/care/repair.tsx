import type { ReconcileReport } from '@calotype/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { failureOfError } from '../words/failures.ts'
import { foundIn, planOf } from './report-words.ts'

interface RepairProps {
  report: ReconcileReport
  onStarted: (report: ReconcileReport) => void
}

/** Offered for what a comparison found; says what it will do before it does. */
export function Repair({ report, onStarted }: RepairProps) {
  const [asking, setAsking] = useState(false)
  const repair = useMutation({
    mutationFn: () => {
      const { project_id: projectId } = report
      return api.reconcile.start({ ...(projectId === null ? { scope: 'organization' } : { projectId }), apply: true })
    },
    onSuccess: started => {
      setAsking(false)
      onStarted(started)
    },
  })
  if (report.apply || report.status !== 'done' || foundIn(report.counts) === 0) return null
  return (
    <>
      <Button icon="check" onClick={() => setAsking(true)}>
        Repair
      </Button>
      <Confirm
        open={asking}
        title="Repair what was found?"
        action="Repair"
        doing="Beginning…"
        icon="check"
        pending={repair.isPending}
        error={repair.error && failureOfError(repair.error).detail}
        onConfirm={() => repair.mutate()}
        onClose={() => {
          repair.reset()
          setAsking(false)
        }}
      >
        <ul className="list-disc space-y-1 pl-5">
          {planOf(report.counts).map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className="mt-3">
          It compares anew and looks at each finding once more before it touches it. What was removed cannot be had
          back.
        </p>
      </Confirm>
    </>
  )
}
