import type { ReconcileReport } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Choice } from '../design/choice.tsx'
import { useProjectIfAny } from '../projects/project.tsx'
import { CouldNotLoad, Nothing, Page, Section } from '../settings/parts.tsx'
import { recallRun, rememberRun } from '../settings/remembered-run.ts'
import { failureOfError } from '../words/failures.ts'
import { Repair } from './repair.tsx'
import { Report } from './report.tsx'

export function CarePage() {
  const mayManage = useMay('project.manage')
  return (
    <Page
      title="Care"
      about="Compares what lies in storage with what is on record, both ways. Looking changes nothing; only a repair does."
    >
      {mayManage ? <Comparison /> : <Nothing>Only owners and admins compare storage and records.</Nothing>}
    </Page>
  )
}

const LOOK_AGAIN_MS = 1_500
type Scope = 'project' | 'all'

function Comparison() {
  const client = useQueryClient()
  const { organization_id: organizationId } = useMe()
  const project = useProjectIfAny()
  const [scope, setScope] = useState<Scope>('all')
  const name = `reconcile-${organizationId}`
  const [runId, setRunId] = useState(() => recallRun(name))
  const run = useQuery({
    queryKey: ['reconcile', runId],
    queryFn: ({ signal }) => api.reconcile.get(runId ?? '', { signal }),
    enabled: runId !== null,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? LOOK_AGAIN_MS : false),
  })
  const keep = (made: ReconcileReport) => {
    client.setQueryData(['reconcile', made.id], made)
    rememberRun(name, made.id)
    setRunId(made.id)
  }
  const look = useMutation({
    mutationFn: () => api.reconcile.start(scope === 'project' ? { projectId: project?.id } : { scope: 'organization' }),
    onSuccess: keep,
  })
  const report = run.data
  const busy = look.isPending || (report !== undefined && isUnderWay(report))
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        {project !== null && (
          <Choice
            legend="What to compare"
            value={scope}
            onChange={setScope}
            options={[
              { value: 'all', label: 'Everything' },
              { value: 'project', label: `Only ${project.name}` },
            ]}
          />
        )}
        <Button look="primary" icon="search" disabled={busy} onClick={() => look.mutate()}>
          {busy ? 'Comparing…' : 'Compare'}
        </Button>
        <p className="text-xs text-ink-faint">Nothing younger than 24 hours is judged.</p>
        {look.error !== null && (
          <p role="alert" className="basis-full text-sm text-red-ink">
            {failureOfError(look.error).detail}
          </p>
        )}
      </div>
      {run.error !== null && report === undefined && (
        <CouldNotLoad what="The last comparison" error={run.error} onRetry={() => void run.refetch()} />
      )}
      {report !== undefined && (
        <Section title={report.apply ? 'Repair' : 'Comparison'} action={<Repair report={report} onStarted={keep} />}>
          <Report report={report} />
        </Section>
      )}
    </>
  )
}

const isUnderWay = ({ status }: ReconcileReport): boolean => status === 'queued' || status === 'running'
