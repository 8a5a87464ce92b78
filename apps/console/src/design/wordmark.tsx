/** Half paper, half developed. */
export function Wordmark({ compact = false }: { compact?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 font-medium">
      <svg aria-hidden="true" width="18" height="18" viewBox="0 0 18 18">
        <rect x="0.75" y="0.75" width="16.5" height="16.5" rx="2" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M9 1h6.5a1.5 1.5 0 0 1 1.5 1.5v13a1.5 1.5 0 0 1-1.5 1.5H9z" className="fill-amber" />
        <path d="M9 1v16" stroke="currentColor" strokeWidth="1.5" />
      </svg>
      <span className={compact ? 'max-sm:hidden' : ''}>Calotype</span>
    </span>
  )
}
