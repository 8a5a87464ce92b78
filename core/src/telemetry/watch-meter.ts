import type { BlobPurpose } from '../blob-store.ts'
import type { Meter } from '../cost/index.ts'
import type { Meters } from './meters.ts'

/** A meter of costs whose figures are told, too. Every delivery passes here: plain sums, read only when somebody asks. */
export function watchMeter(meter: Meter, meters: Meters): Meter {
  const sums = new Map<BlobPurpose['purpose'], { put: number; get: number }>()
  let delivered = 0
  meters.report('calotype_delivered_bytes_total', () => [{ labels: {}, value: delivered }])
  meters.report('calotype_metered_requests_total', () =>
    [...sums].flatMap(([purpose, { put, get }]) => [
      { labels: { purpose, kind: 'put' as const }, value: put },
      { labels: { purpose, kind: 'get' as const }, value: get },
    ]),
  )
  const sumOf = (purpose: BlobPurpose['purpose']) => {
    const known = sums.get(purpose)
    if (known) return known
    const made = { put: 0, get: 0 }
    sums.set(purpose, made)
    return made
  }
  return {
    count(by, usage) {
      const sum = sumOf(by.purpose)
      sum.put += usage.puts ?? 0
      sum.get += usage.gets ?? 0
      delivered += usage.deliveredBytes ?? 0
      meter.count(by, usage)
    },
  }
}
