import type { CopyProgress, CopyStep, OnProgress } from '@calotype/core'

const BAR_WIDTH = 24
/** Without a terminal: a line at the end of each step, and while it lasts. */
const LINE_EVERY_MS = 10_000
const DRAW_EVERY_MS = 100

const DOING: Record<CopyStep, string> = {
  tables: 'Reading tables',
  objects: 'Copying objects',
  checking: 'Checking objects',
  loading: 'Loading tables',
  comparing: 'Comparing',
}

interface Screen {
  isTTY?: boolean
  write(text: string): unknown
}

/** Shows how far a copy is: a bar that is drawn over itself on a terminal, now and then a line elsewhere. */
export function showProgress(screen: Screen, now: () => number = Date.now): { on: OnProgress; end(): void } {
  let shown = Number.NEGATIVE_INFINITY
  let step: CopyStep | null = null
  const everyMs = screen.isTTY ? DRAW_EVERY_MS : LINE_EVERY_MS
  const end = () => {
    if (screen.isTTY && step !== null) screen.write('\n')
    step = null
  }
  return {
    end,
    on: progress => {
      const finished = progress.done === progress.total
      if (progress.step === step && !finished && now() - shown < everyMs) return
      if (progress.step !== step) end()
      // Where nobody watches, the beginning of a step is no news.
      const silent = !screen.isTTY && progress.step !== step && !finished
      step = progress.step
      shown = now()
      if (!silent) screen.write(screen.isTTY ? `\r${describe(progress)}\u001b[K` : `${describe(progress)}\n`)
    },
  }
}

function describe({ step, done, total, bytes }: CopyProgress): string {
  const counted = total === null ? count(done) : `${count(done)}/${count(total)}`
  const filled = total ? Math.round((BAR_WIDTH * Math.min(done, total)) / total) : 0
  const bar = total ? ` [${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]` : ''
  return `${DOING[step].padEnd(16)}${bar} ${counted}, ${size(bytes)}`
}

export const count = (number: number): string => number.toLocaleString('en')

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** Bytes for people. */
export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const amount = bytes / 1000 ** power
  return `${power === 0 ? bytes : amount.toFixed(1)} ${UNITS[power]}`
}
