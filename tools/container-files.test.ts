import { existsSync, readFileSync } from 'node:fs'
import { Environment } from '@calotype/server/config'
import { expect, it } from 'vitest'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
/** Read by the AWS SDK itself. */
const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
/** What the base image of Node understands. */
const OF_NODE = ['NODE_ENV']

/** The blocks of the file that begin with `x-`: what our own containers have in common. */
const serverBlocks = (text: string): string[] => text.split(/^(?=\S)/m).filter(block => block.startsWith('x-'))

it('compose.yaml gives our containers only variables that there are, and all that their shape needs', () => {
  const names = serverBlocks(read('compose.yaml')).flatMap(block =>
    [...block.matchAll(/^ {4}([A-Z][A-Z0-9_]*):/gm)].map(match => match[1] ?? ''),
  )
  const known = [...Object.keys(Environment.shape), ...CREDENTIALS]
  expect(names.filter(name => !known.includes(name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['ROLES', 'DATABASE_URL', 'SECRET_KEY', 'PUBLIC_URL', 'S3_BUCKET']))
})

it('compose.yaml refers only to services and volumes that it has', () => {
  const text = read('compose.yaml')
  const services = [...(text.split(/^services:/m)[1] ?? '').matchAll(/^ {2}([\w-]+):/gm)].map(match => match[1] ?? '')
  expect(services).toEqual(expect.arrayContaining(['api-1', 'api-2', 'worker-1', 'worker-2', 'proxy', 'init']))
  const hosts = [...text.matchAll(/(?:http|redis):\/\/([\w-]+):\d+|@([\w-]+):\d+/g)].map(match => match[1] ?? match[2])
  expect(hosts.filter(host => host !== 'localhost' && !services.includes(host ?? ''))).toEqual([])
  const waited = [...text.matchAll(/^ {4,6}([\w-]+):\n {6,8}condition:/gm)].map(match => match[1] ?? '')
  expect(waited.length).toBeGreaterThan(4)
  expect(waited.filter(name => !services.includes(name))).toEqual([])
})

it('the Dockerfile copies what there is, starts what there is, and sets variables that there are', () => {
  const text = read('Dockerfile')
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(match => (match[1] ?? '').split(' '))
  expect(copied.length).toBeGreaterThan(0)
  const started = [...text.matchAll(/^CMD \["node", "([^"]+)"\]$/gm)].map(match => match[1] ?? '')
  expect(started).toHaveLength(1)
  expect([...copied, ...started].filter(file => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([])
  const set = [...(/^ENV (.+)$/m.exec(text)?.[1] ?? '').matchAll(/([A-Z_]+)=/g)].map(match => match[1] ?? '')
  expect(set.filter(name => !(name in Environment.shape) && !OF_NODE.includes(name))).toEqual([])
  expect(text).toMatch(/^USER node$/m)
  expect(text).toMatch(/^HEALTHCHECK /m)
})

it('the base image has the version of Node that the project wants', () => {
  const major = read('.nvmrc').trim().replace(/^v/, '').split('.')[0]
  const images = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(match => match[1])
  expect(new Set(images)).toEqual(new Set([`node:${major}-bookworm-slim`]))
})

it('nothing that is private or heavy goes into the image', () => {
  const ignored = read('.dockerignore').split('\n')
  for (const name of ['.git', '**/node_modules', 'data', '.env']) expect(ignored).toContain(name)
})
