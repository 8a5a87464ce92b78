import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { notFound } from '@calotype/core'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Shown while the console is built after a fresh clone; asks again by itself. */
const BUILDING = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<meta name="viewport" content="width=device-width"><title>Calotype</title>
<body style="font:16px/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark">
<p role="status">The console is being built for the first time. This page opens it in a moment.</p></body></html>`

/** Serves the built console at `/`; its routes are paths of its own, so that any page address answers the same document. */
export async function serveConsole(app: FastifyInstance, directory: string): Promise<void> {
  // After a fresh clone the console is still being built.
  mkdirSync(directory, { recursive: true })
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: true,
    index: false,
    cacheControl: false,
    setHeaders(reply, file) {
      const immutable = file.includes(`${path.sep}assets${path.sep}`)
      reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const page = async (_request: unknown, reply: import('fastify').FastifyReply) => {
    if (existsSync(path.join(directory, 'index.html'))) return reply.sendFile('index.html')
    return reply.type('text/html').header('cache-control', 'no-store').send(BUILDING)
  }
  for (const url of ['/', '/images/:id', '/settings', '/settings/*'])
    app.get(url, { config: { open: true }, schema: { hide: true } }, page)
  app.setNotFoundHandler(() => {
    throw notFound()
  })
}
