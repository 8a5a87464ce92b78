export type { AroundJob, JobHandlers, JobQueue, JobRun, JobState, RunningJob } from './job-queue.ts'
export * from './jobs.ts'
