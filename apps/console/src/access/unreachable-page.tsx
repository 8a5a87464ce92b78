import { Button } from '../design/button.tsx'
import type { Failure } from '../words/failures.ts'
import { Heading } from './heading.tsx'

export function UnreachablePage({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div role="alert">
      <Heading title="The server does not answer">
        <p>
          {failure.detail} Look whether <code className="figures text-sm">npm start</code> is still running.
        </p>
      </Heading>
      <Button look="primary" icon="retry" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}
