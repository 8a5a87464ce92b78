import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AwsConnection } from '../client/connection.ts'
import { type Daemon, freePort, run, startDaemon } from './processes.ts'

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common']
const START_LIMIT_MS = 60_000
const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'a-secret-for-tests' }

export interface Radosgw {
  connection: AwsConnection & { endpoint: string }
  close(): Promise<void>
}

/** A Ceph object gateway with one monitor and one store in memory, under a temporary directory. Installs its packages when missing (root). */
export async function startRadosgw(): Promise<Radosgw> {
  if (!existsSync('/usr/bin/radosgw')) await install()
  const directory = await mkdtemp(join(tmpdir(), 'calotype-rgw-'))
  const daemons: Daemon[] = []
  const close = async () => {
    for (const daemon of daemons.reverse()) await daemon.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const port = await startCluster(directory, daemons)
    return {
      connection: { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials: CREDENTIALS },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function install(): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words: string[]) => run('timeout', ['900', 'apt-get', ...words], env)
  await apt('update').catch(() => {})
  await apt('install', '-y', '--no-install-recommends', ...PACKAGES)
}

async function startCluster(directory: string, daemons: Daemon[]): Promise<number> {
  const at = (name: string) => join(directory, name)
  const [monitorPort, port] = [await freePort(), await freePort()]
  const id = randomUUID()
  await writeFile(at('ceph.conf'), configuration(directory, id, monitorPort))
  for (const name of ['mon', 'osd', 'run']) await mkdir(at(name))
  const env = { CEPH_CONF: at('ceph.conf') }
  const ceph = (command: string, ...words: string[]) => run(command, words, env)
  const daemon = (command: string, ...words: string[]) =>
    void daemons.push(startDaemon(command, words, env, at(`${command}.out`)))
  const key = (name: string, ...caps: string[]) =>
    ceph('ceph-authtool', at('keyring'), '--gen-key', '-n', name, ...caps)
  await ceph('ceph-authtool', at('keyring'), '-C', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *')
  await key('client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *')
  await key('osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *')
  await ceph('monmaptool', '--create', '--fsid', id, '--addv', 'a', `[v2:127.0.0.1:${monitorPort}]`, at('monmap'))
  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', at('monmap'), '--keyring', at('keyring'))
  daemon('ceph-mon', '-f', '-i', 'a')
  await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', randomUUID(), '--no-mon-config')
  await ceph('ceph', 'osd', 'create')
  daemon('ceph-osd', '-f', '-i', '0')
  daemon('radosgw', '-f', '-n', 'client.admin', '--rgw_frontends', `beast endpoint=127.0.0.1:${port} tcp_nodelay=1`)
  await answering(port)
  const { accessKeyId, secretAccessKey } = CREDENTIALS
  const user = ['--uid', 'test', '--display-name', 'test', '--access-key', accessKeyId, '--secret-key', secretAccessKey]
  await ceph('radosgw-admin', 'user', 'create', ...user)
  return port
}

async function answering(port: number): Promise<void> {
  const until = Date.now() + START_LIMIT_MS
  while (Date.now() < until) {
    if (
      await fetch(`http://127.0.0.1:${port}`).then(
        () => true,
        () => false,
      )
    )
      return
    await delay(200)
  }
  throw new Error(`radosgw did not answer within ${START_LIMIT_MS} ms`)
}

const configuration = (directory: string, id: string, monitorPort: number): string => `[global]
fsid = ${id}
mon_host = [v2:127.0.0.1:${monitorPort}]
public_addr = 127.0.0.1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
run_dir = ${directory}/run
log_file = ${directory}/$name.log
admin_socket = ${directory}/run/$name.$pid.asok
pid_file = ${directory}/run/$name.pid
mon_data = ${directory}/mon
osd_data = ${directory}/osd
osd_objectstore = memstore
memstore_device_bytes = 1G
keyring = ${directory}/keyring
`
