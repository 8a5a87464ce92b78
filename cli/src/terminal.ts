/** Where a command writes; tests give their own. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether a person watches: progress is drawn only then. */
  interactive: boolean
}

const WIDTH = 28

/** A line of progress on the error stream, drawn over itself; nothing where nobody watches. */
export function createProgress(terminal: Terminal) {
  let shown = false
  return {
    show(share: number | null, text: string): void {
      if (!terminal.interactive) return
      shown = true
      const filled = share === null ? 0 : Math.round(Math.min(1, Math.max(0, share)) * WIDTH)
      const percent = share === null ? '   ' : `${Math.floor(Math.min(1, share) * 100)}%`.padStart(4)
      terminal.err(`\r\u001b[2K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent}  ${text}`)
    },
    end(): void {
      if (shown) terminal.err('\r\u001b[2K')
      shown = false
    },
  }
}

/** Characters that could move the cursor or colour the terminal have no business in what a server answers. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  }
  return rows
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
