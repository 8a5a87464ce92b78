import { Problem } from '@calotype/contract'
import type { z } from 'zod'

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 410 | 411 | 412 | 413 | 415 | 416 | 422 | 429 | 503

/** Response schemas of a route: its answers, and the problem form for each status it may refuse with (401 and 404 are everywhere). */
export function withProblems<Answers extends Record<number, z.ZodType>>(
  answers: Answers,
  statuses: readonly ProblemStatus[] = [],
): Answers {
  const problems = Object.fromEntries([401, 404, ...statuses].map(status => [status, Problem]))
  return { ...problems, ...answers }
}
