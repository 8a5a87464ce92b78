import type { ImageStatus } from '@calotype/sdk'
import { statusWord } from '../words/statuses.ts'
import { Icon, type IconName } from './icon.tsx'

const marks: Record<ImageStatus, { icon: IconName; color: string }> = {
  pending_upload: { icon: 'clock', color: 'text-ink-soft' },
  uploaded: { icon: 'clock', color: 'text-blue-ink' },
  processing: { icon: 'hourglass', color: 'text-amber-ink' },
  ready: { icon: 'check', color: 'text-green-ink' },
  failed: { icon: 'warning', color: 'text-red-ink' },
  deleted: { icon: 'trash', color: 'text-ink-soft' },
}

/** Shape, word and colour together: none of them alone tells the status. */
export function StatusMark({ status, word = statusWord[status] }: { status: ImageStatus; word?: string }) {
  const { icon, color } = marks[status]
  return (
    <span className={`inline-flex shrink-0 items-center gap-1 ${color}`}>
      <Icon name={icon} size={12} />
      {word}
    </span>
  )
}

export const statusEdge: Record<ImageStatus, string> = {
  pending_upload: 'bg-line-strong',
  uploaded: 'bg-blue-ink',
  processing: 'bg-amber',
  ready: 'bg-green-ink',
  failed: 'bg-red-ink',
  deleted: 'bg-line-strong',
}
