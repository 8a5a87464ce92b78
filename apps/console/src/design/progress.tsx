/** How far something came; the words stand beside it. */
export function Progress({ percent, label, moving }: { percent: number; label: string; moving: boolean }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 overflow-hidden rounded-sm bg-bone"
    >
      <div
        className={`h-full transition-[width] duration-150 ${moving ? 'bg-amber' : 'bg-line-strong'}`}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
