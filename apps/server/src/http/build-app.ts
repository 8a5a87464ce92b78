import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { createSerializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { cdnRoute } from '../delivery/cdn-route.ts'
import { watchRevocations } from '../delivery/revocations.ts'
import type { Deps } from '../deps.ts'
import { ACCOUNTS_PREFIX, accountsRoute } from './accounts-route.ts'
import type { App } from './app.ts'
import { requireCredential } from './authentication.ts'
import { serveConsole } from './console.ts'
import { checkHosts } from './host-check.ts'
import { acceptIdempotencyKeys } from './idempotency.ts'
import { describeApi, serveReference } from './openapi.ts'
import { answerProblem } from './problem.ts'
import { limitRates } from './rate-limit.ts'
import { logRequests, requestIdOf } from './request-log.ts'
import { access } from './routes/access.ts'
import { apiKeys } from './routes/api-keys.ts'
import { audit } from './routes/audit.ts'
import { beginUpload } from './routes/begin-upload.ts'
import { beginUploads } from './routes/begin-uploads.ts'
import { completeUpload } from './routes/complete-upload.ts'
import { deleteImages } from './routes/delete-images.ts'
import { explainImage } from './routes/explain-image.ts'
import { galleries } from './routes/galleries.ts'
import { getFile } from './routes/get-file.ts'
import { getImage } from './routes/get-image.ts'
import { health } from './routes/health.ts'
import { importImage } from './routes/import-image.ts'
import { invitations } from './routes/invitations.ts'
import { listImages } from './routes/list-images.ts'
import { me } from './routes/me.ts'
import { members } from './routes/members.ts'
import { metrics } from './routes/metrics.ts'
import { organizations } from './routes/organizations.ts'
import { patchImage } from './routes/patch-image.ts'
import { patchStatus } from './routes/patch-status.ts'
import { pipelineMessages } from './routes/pipeline-messages.ts'
import { projects } from './routes/projects.ts'
import { receiveUpload } from './routes/receive-upload.ts'
import { reconcile } from './routes/reconcile.ts'
import { reprocess } from './routes/reprocess.ts'
import { restoreImage } from './routes/restore-image.ts'
import { resumableUploads } from './routes/resumable-uploads.ts'
import { retryImage } from './routes/retry-image.ts'
import { securityLog } from './routes/security-log.ts'
import { session } from './routes/session.ts'
import { shareLinks } from './routes/share-links.ts'
import { signCookies } from './routes/sign-cookies.ts'
import { signUrls } from './routes/sign-urls.ts'
import { slots } from './routes/slots.ts'
import { streamEvents } from './routes/stream-events.ts'
import { uploadImage } from './routes/upload-image.ts'
import { webhookDeliveries } from './routes/webhook-deliveries.ts'
import { webhooks } from './routes/webhooks.ts'
import { allowOrigins, secure } from './security.ts'
import { watchSecurity } from './security-watch.ts'
import { sharePage } from './share-page.ts'
import { answerUnreadable } from './unreadable-request.ts'
import { watchRequests } from './watch-requests.ts'

/** Bodies that are not uploads. */
const MAX_JSON_BYTES = 256 * 1024
const REQUEST_TIMEOUT_MS = 15 * 60_000
const KEEP_ALIVE_MS = 72_000

const API_ROUTES = [
  uploadImage,
  beginUpload,
  beginUploads,
  resumableUploads,
  receiveUpload,
  completeUpload,
  importImage,
  reprocess,
  listImages,
  getImage,
  getFile,
  signCookies,
  signUrls,
  patchImage,
  patchStatus,
  retryImage,
  deleteImages,
  restoreImage,
  slots,
  galleries,
  shareLinks,
  explainImage,
  streamEvents,
  securityLog,
  audit,
  reconcile,
  access,
  apiKeys,
  session,
  me,
  organizations,
  members,
  invitations,
  projects,
  webhooks,
  webhookDeliveries,
  pipelineMessages,
]

/** The HTTP side of the program: every route on its dependencies, not listening yet. */
export async function buildApp(
  deps: Deps,
  options: {
    logger: FastifyBaseLogger
    consoleDirectory: string
    routes?: ((app: App, deps: Deps) => void) | undefined
  },
): Promise<App> {
  const app = Fastify({
    loggerInstance: options.logger,
    genReqId: requestIdOf,
    // request-log.ts writes the one line of a request.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: MAX_JSON_BYTES,
    trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 600 },
    clientErrorHandler: answerUnreadable(deps.publicUrl),
    // URLs that cannot be read never reach a route, nor the error handler below.
    frameworkErrors: (error, request, reply) =>
      answerProblem(() => deps.publicUrl)(error, request, reply.header('x-request-id', request.id)),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(createSerializerCompiler({}))
  app.setErrorHandler(answerProblem(() => deps.publicUrl))
  watchRequests(app, deps.telemetry)
  logRequests(app)
  await allowOrigins(app, deps)

  // Delivery first and outside: its requests need no cookies, no bodies and no console headers.
  const { delivery } = deps
  if (delivery) {
    const revocations = await watchRevocations(deps, deps.signedUrlSeconds)
    app.addHook('onClose', async () => revocations.close())
    await app.register(async cdn => cdnRoute(cdn, { ...deps, ...delivery }, revocations))
  }

  await app.register(async site => {
    secure(site, deps)
    checkHosts(site, { ...deps, trustedHosts: deps.access.trustedHosts })
    watchSecurity(site, deps)
    await site.register(cookie)
    await site.register(multipart)
    await describeApi(site, deps)
    await site.register(async operation => health(operation.withTypeProvider<ZodTypeProvider>(), deps))
    await site.register(async operation => metrics(operation.withTypeProvider<ZodTypeProvider>(), deps))
    await site.register(
      async api => {
        requireCredential(api, deps)
        limitRates(api, deps)
        acceptIdempotencyKeys(api)
        for (const route of API_ROUTES) route(api.withTypeProvider<ZodTypeProvider>(), deps)
      },
      { prefix: '/api/v1' },
    )
    await site.register(async library => accountsRoute(library, deps), { prefix: ACCOUNTS_PREFIX })
    await serveReference(site)
    sharePage(site, deps)
    await serveConsole(site, options.consoleDirectory)
  })
  options.routes?.(app, deps)
  await app.ready()
  return app
}
