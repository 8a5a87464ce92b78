import { Icon } from '../design/icon.tsx'
import { exactTime, purgeWords } from '../words/times.ts'

/** In place of the picture of a deleted image, which nobody is shown any more: how long it can still be had back. */
export function BinWell({ large, purgeAt }: { large: boolean; purgeAt: string | null }) {
  return (
    <div
      title={purgeAt === null ? undefined : exactTime(purgeAt)}
      className={`flex flex-col items-center justify-center gap-2 rounded-t-sm border border-dashed border-line-strong bg-ground px-2 text-center text-ink-faint ${large ? 'aspect-[4/3]' : 'aspect-square'}`}
    >
      <Icon name="trash" size={20} />
      <span className="text-xs text-balance">{purgeWords(purgeAt, Date.now())}</span>
    </div>
  )
}
