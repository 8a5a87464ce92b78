import type { MetricDefinition } from '@calotype/core'

type Labels = Readonly<Record<string, string>>

/** What every value beyond the bounds of a label is counted as. */
export const OTHER = 'other'

export interface BoundLabels {
  /** The same for the same series. */
  key: string
  labels: Labels
}

/** Joins no two label values that are different: it is in none of them. */
const SEPARATOR = '\u0000'

/** Keeps the labels of one metric within what the table allows, so that nobody can make more series than it foresees. */
export function createLabelBounds({
  labels: bounds,
}: Pick<MetricDefinition, 'labels'>): (given: Labels) => BoundLabels {
  const names = Object.keys(bounds)
  const seen = new Map(names.map(name => [name, new Set<string>()]))
  const isAllowed = (name: string, value: string): boolean => {
    const allowed = bounds[name]
    if (allowed === undefined) return false
    if ('atMost' in allowed) {
      const values = seen.get(name) ?? new Set()
      return values.has(value) || (values.size < allowed.atMost && values.add(value).has(value))
    }
    return allowed.includes(value)
  }
  return given => {
    const values = names.map(name => {
      const value = given[name] ?? OTHER
      return isAllowed(name, value) ? value : OTHER
    })
    return {
      key: values.join(SEPARATOR),
      labels: Object.fromEntries(names.map((name, index) => [name, values[index] ?? OTHER])),
    }
  }
}
