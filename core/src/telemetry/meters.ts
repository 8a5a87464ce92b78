import type { CounterName, GaugeName, HistogramName, LabelsOf } from './metrics.ts'

/** One series of a counter; where much is counted, it is kept. */
export interface CounterSeries {
  add(by?: number): void
}

/** One series of a histogram. */
export interface HistogramSeries {
  observe(value: number): void
}

export interface Sample<Name extends CounterName | GaugeName> {
  labels: LabelsOf<Name>
  value: number
}

/** Counts what happens in this process. */
export interface Meters {
  counter<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): CounterSeries
  histogram<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>): HistogramSeries
  /** What is looked up only when somebody asks. A rejection leaves the metric out of that answer. */
  report<Name extends CounterName | GaugeName>(
    name: Name,
    read: () => readonly Sample<Name>[] | Promise<readonly Sample<Name>[]>,
  ): void
}

const nothing = { add: () => {}, observe: () => {} }

/** Counts nothing. */
export const NO_METERS: Meters = { counter: () => nothing, histogram: () => nothing, report: () => {} }
