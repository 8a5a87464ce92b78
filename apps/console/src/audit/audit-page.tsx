import type { AuditAction } from '@calotype/sdk'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { SelectField } from '../design/fields.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { AuditEntries } from './audit-entries.tsx'
import { actionWord } from './sentences.ts'
import { VerifyChain } from './verify-chain.tsx'

type Filter = AuditAction | 'all'

const isAction = (text: string): text is AuditAction => text in actionWord
const options: readonly { value: Filter; label: string }[] = [
  { value: 'all', label: 'Everything' },
  ...Object.entries(actionWord).flatMap(([value, label]) => (isAction(value) ? [{ value, label }] : [])),
]

export function AuditPage() {
  const mayManage = useMay('access.manage')
  const [filter, setFilter] = useState<Filter>('all')
  return (
    <Page
      title="Audit"
      about="Who deleted, replaced, restored, downloaded, shared and changed what. Entries are chained by their hashes: none can be altered, taken out or put in unseen."
    >
      {mayManage ? (
        <div>
          <div className="mb-4 flex flex-wrap items-end justify-between gap-4">
            <div className="w-56">
              <SelectField label="Show" value={filter} options={options} onChange={setFilter} />
            </div>
            <VerifyChain />
          </div>
          <AuditEntries action={filter === 'all' ? undefined : filter} />
        </div>
      ) : (
        <Nothing>Only owners and admins read the audit log.</Nothing>
      )}
    </Page>
  )
}
