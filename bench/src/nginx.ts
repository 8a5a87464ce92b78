import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { freePort } from './calotype.ts'
import { requireProgram } from './machine.ts'
import { processTree } from './processes.ts'

export interface Nginx {
  url: string
  pids(): readonly number[]
  stop(): Promise<void>
}

/** nginx as it serves files best: one worker, sendfile, nothing logged, connections kept. */
const configuration = (root: string, port: number) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${root}/nginx.pid;
error_log ${root}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types { image/avif avif; image/webp webp; image/jpeg jpg; }
  client_body_temp_path ${root}/temporary;
  proxy_temp_path ${root}/temporary;
  fastcgi_temp_path ${root}/temporary;
  uwsgi_temp_path ${root}/temporary;
  scgi_temp_path ${root}/temporary;
  server { listen 127.0.0.1:${port}; root ${root}/files; }
}
`

/** Starts an nginx of our own under a directory, with nothing of the system's configuration; `files` is served. */
export async function startNginx(root: string, files: Record<string, Buffer>): Promise<Nginx> {
  requireProgram('nginx', 'nginx-light')
  const port = await freePort()
  await mkdir(path.join(root, 'files'), { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(root, 'files', name), bytes)
  await writeFile(path.join(root, 'nginx.conf'), configuration(root, port))
  const child = spawn('nginx', ['-p', root, '-c', path.join(root, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const endWithUs = () => child.kill('SIGTERM')
  process.once('exit', endWithUs)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).catch(() => null)) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return {
    url,
    pids: () => processTree(child.pid ?? 0).map(({ pid }) => pid),
    async stop() {
      process.off('exit', endWithUs)
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}
