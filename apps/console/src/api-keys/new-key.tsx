import type { NewApiKey, Project } from '@calotype/sdk'
import { MadeOnce } from '../design/made-once.tsx'
import { NewKeyForm } from './new-key-form.tsx'

interface NewKeyProps {
  open: boolean
  projects: readonly Project[]
  onClose: () => void
}

/** First what the key may do, then its secret, once. */
export const NewKey = ({ open, projects, onClose }: NewKeyProps) => (
  <MadeOnce<NewApiKey>
    open={open}
    title="New key"
    titleOf={({ name }) => `The secret of ${name}`}
    secretOf={({ key }) => key}
    missed="The key was made, but its secret was answered to an earlier try and is not told twice. Revoke it and make another."
    note="Copy it now into your secret store or environment. Only its hash is kept here: it cannot be shown again."
    form={(onMade, onCancel) => <NewKeyForm projects={projects} onMade={onMade} onCancel={onCancel} />}
    onClose={onClose}
  />
)
