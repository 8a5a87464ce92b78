import type { SecurityEvent } from '@calotype/sdk'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { SelectField } from '../design/fields.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { LogEntries } from './log-entries.tsx'
import { eventWord } from './sentences.ts'

type Filter = SecurityEvent | 'all'

const isEvent = (text: string): text is SecurityEvent => text in eventWord
const options: readonly { value: Filter; label: string }[] = [
  { value: 'all', label: 'Everything' },
  ...Object.entries(eventWord).flatMap(([value, label]) => (isEvent(value) ? [{ value, label }] : [])),
]

export function SecurityLogPage() {
  const mayManage = useMay('access.manage')
  const [filter, setFilter] = useState<Filter>('all')
  return (
    <Page
      title="Security log"
      about="Who did what about access, from where, and what was refused by which rule. Newest first; no secrets in it."
    >
      {mayManage ? (
        <div>
          <div className="mb-4 w-56">
            <SelectField label="Show" value={filter} options={options} onChange={setFilter} />
          </div>
          <LogEntries event={filter === 'all' ? undefined : filter} />
        </div>
      ) : (
        <Nothing>Only owners and admins read the security log.</Nothing>
      )}
    </Page>
  )
}
