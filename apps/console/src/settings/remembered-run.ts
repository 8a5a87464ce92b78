const keyOf = (name: string) => `calotype-run-${name}`

/** Which run of this kind this browser began last, so that its progress is there again after a reload. */
export function recallRun(name: string): string | null {
  try {
    return localStorage.getItem(keyOf(name))
  } catch {
    return null
  }
}

export function rememberRun(name: string, runId: string): void {
  try {
    localStorage.setItem(keyOf(name), runId)
  } catch {
    // Storage may be forbidden: then the progress is shown until the page is left.
  }
}
