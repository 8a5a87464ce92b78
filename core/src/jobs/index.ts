export type { JobHandlers, JobQueue, JobRun, JobState } from './job-queue.ts'
export * from './jobs.ts'
