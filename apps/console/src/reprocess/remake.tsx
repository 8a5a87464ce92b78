import type { Project, ReprocessRun } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { Progress } from '../design/progress.tsx'
import { Section } from '../settings/parts.tsx'
import { recallRun, rememberRun } from '../settings/remembered-run.ts'
import { failureOf, failureOfError } from '../words/failures.ts'
import { formatCount } from '../words/numbers.ts'
import { isOver, percentOf, progressOf } from './run-words.ts'

const LOOK_AGAIN_MS = 1_500

/** The variants of a whole project, anew: how far it came, and a hand on it. */
export function Remake({ project }: { project: Project }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [runId, setRunId] = useState(() => recallRun(`remake-${project.id}`))
  const keep = (run: ReprocessRun) => {
    client.setQueryData(['reprocess', run.id], run)
    rememberRun(`remake-${project.id}`, run.id)
    setRunId(run.id)
  }
  const { data: run } = useQuery({
    queryKey: ['reprocess', runId],
    queryFn: ({ signal }) => api.reprocess.get(runId ?? '', { signal }),
    enabled: runId !== null,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK_AGAIN_MS : false),
  })
  const start = useMutation({
    mutationFn: () => api.reprocess.start({ project_id: project.id }),
    onSuccess: made => {
      setAsking(false)
      keep(made)
    },
  })
  const mayStart = run === undefined || isOver(run)
  return (
    <Section
      title="Remake all variants"
      about="After an update of the recipe, or when variants are lost. What is there is served until the new ones are."
      action={
        mayStart && (
          <Button icon="retry" onClick={() => setAsking(true)}>
            Remake all variants
          </Button>
        )
      }
    >
      {run !== undefined && <Run run={run} onChange={keep} />}
      <Confirm
        open={asking}
        title={`Remake all variants of ${project.name}?`}
        action="Remake them"
        doing="Beginning…"
        icon="retry"
        pending={start.isPending}
        error={start.error && failureOfError(start.error).detail}
        onConfirm={() => start.mutate()}
        onClose={() => {
          start.reset()
          setAsking(false)
        }}
      >
        Every ready image is processed again from its original in the background. That takes CPU time, not uploads; you
        can pause it. An image whose original is no longer kept keeps the variants that it has.
      </Confirm>
    </Section>
  )
}

function Run({ run, onChange }: { run: ReprocessRun; onChange: (run: ReprocessRun) => void }) {
  const steer = useMutation({
    mutationFn: (action: 'pause' | 'resume' | 'cancel') => api.reprocess[action](run.id),
    onSuccess: onChange,
  })
  return (
    <div className="border-y border-line py-4">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3 text-sm">
        <p role="status" className="figures">
          {progressOf(run)}
        </p>
        {!isOver(run) && (
          <span className="flex gap-2">
            {run.state === 'running' ? (
              <Button icon="pause" disabled={steer.isPending} onClick={() => steer.mutate('pause')}>
                Pause
              </Button>
            ) : (
              <Button look="primary" icon="next" disabled={steer.isPending} onClick={() => steer.mutate('resume')}>
                Resume
              </Button>
            )}
            <Button look="quiet" disabled={steer.isPending} onClick={() => steer.mutate('cancel')}>
              Cancel
            </Button>
          </span>
        )}
      </div>
      <Progress percent={percentOf(run)} label="Images remade" moving={run.state === 'running'} />
      {run.failures.length > 0 && (
        <ul className="mt-3 space-y-1 text-xs text-ink-soft">
          {run.failures.map(({ code, count }) => (
            <li key={code}>
              {formatCount(count)} × {failureOf(code, '').title} <span className="figures text-ink-faint">{code}</span>
            </li>
          ))}
        </ul>
      )}
      {steer.error !== null && (
        <p role="alert" className="mt-3 text-sm text-red-ink">
          {failureOfError(steer.error).detail}
        </p>
      )}
    </div>
  )
}
