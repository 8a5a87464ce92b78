import { DomainError } from '../../errors.ts'

export const reconcileRunning = (runId: string): DomainError =>
  new DomainError('conflict', 'reconcile_running', `Storage is being compared already. Look at run ${runId}.`, {
    reason: runId,
  })
