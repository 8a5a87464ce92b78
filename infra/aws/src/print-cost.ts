import { parseArgs } from 'node:util'
import { z } from 'zod'
import { costReport } from './cost/report.ts'
import { WORKLOAD } from './cost/workload.ts'

const amount = (fallback: number) => z.coerce.number().min(0).max(1e6).default(fallback)
const share = (fallback: number) => z.coerce.number().min(0.01).max(1).default(fallback)

const Load = z.object({
  originalMb: amount(WORKLOAD.originalMb),
  variantsKb: amount(WORKLOAD.variantsKb),
  cpuSeconds: amount(WORKLOAD.cpuSeconds),
  workerUse: share(WORKLOAD.workerUse),
  views: amount(WORKLOAD.views),
  viewKb: amount(WORKLOAD.viewKb),
  hitRatio: z.coerce.number().min(0).max(1).default(WORKLOAD.hitRatio),
  logKb: amount(WORKLOAD.logKb),
})

// `node infra/aws/src/print-cost.ts --views 100 --originalMb 5`: the estimate with other assumptions.
const options = Object.fromEntries(Object.keys(WORKLOAD).map(name => [name, { type: 'string' } as const]))
const { values } = parseArgs({ options })
process.stdout.write(`${costReport(Load.parse(values))}\n`)
