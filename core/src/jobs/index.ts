export type { JobHandlers, JobQueue, JobRun } from './job-queue.ts'
export * from './jobs.ts'
