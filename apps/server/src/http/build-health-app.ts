import Fastify, { type FastifyBaseLogger } from 'fastify'
import { createSerializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Deps } from '../deps.ts'
import type { App } from './app.ts'
import { answerProblem } from './problem.ts'
import { requestIdOf } from './request-log.ts'
import { health } from './routes/health.ts'
import { metrics } from './routes/metrics.ts'

/** What a process that only runs jobs answers: how it is, and its figures. */
export async function buildHealthApp(
  deps: Pick<Deps, 'health' | 'stopping' | 'publicUrl' | 'exposition' | 'access'>,
  logger: FastifyBaseLogger,
): Promise<App> {
  const app = Fastify({
    loggerInstance: logger,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(createSerializerCompiler({}))
  app.setErrorHandler(answerProblem(() => deps.publicUrl))
  await app.register(async operation => health(operation.withTypeProvider<ZodTypeProvider>(), deps))
  await app.register(async operation => metrics(operation.withTypeProvider<ZodTypeProvider>(), deps))
  await app.ready()
  return app
}
