import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { Target } from '../target.ts'
import { type Visit, visit } from './visit.ts'

export interface Person {
  name: string
  email: string
  password: string
}

export const ada: Person = { name: 'Ada Byron', email: 'ada@example.com', password: 'twelve small lamps' }
export const bob: Person = { name: 'Bob Ross', email: 'bob@example.com', password: 'happy little trees' }
export const cleo: Person = { name: 'Cleo Stranger', email: 'cleo@example.com', password: 'somewhere else now' }

/** Fills the form of a new account and sends it; of an invitation the address stands there already. */
export async function register(page: Page, person: Person, button: string, options: { invited?: boolean } = {}) {
  await page.getByLabel('Your name').fill(person.name)
  if (!options.invited) await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: button }).click()
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Somebody at a browser of their own. */
export async function come(browser: Browser, url: string, where = '/', options: Parameters<typeof visit>[2] = {}) {
  const visited: Visit = await visit(browser, url, options)
  await visited.page.goto(new URL(where, url).href)
  return visited
}

export interface Answer {
  status: number
  body: unknown
}

/** A call with the session of the page's person, as a script of theirs would do it. */
export const callAs = (page: Page, method: string, path: string, json?: unknown): Promise<Answer> =>
  page.evaluate(
    async ({ method, path, json }) => {
      const headers: Record<string, string> = { 'x-calotype-console': '1' }
      if (json !== undefined) headers['content-type'] = 'application/json'
      const body = json === undefined ? null : JSON.stringify(json)
      const stop = new AbortController()
      const answer = await fetch(`/api/v1${path}`, { method, headers, body, signal: stop.signal })
      // An open stream would never end.
      if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
        stop.abort()
        return { status: answer.status, body: null }
      }
      const text = await answer.text()
      return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : null }
    },
    { method, path, json },
  )

/** Errors of the page itself and requests elsewhere; that a call is refused is what these tests are about. */
export const defectsOf = ({ troubles }: Visit): string[] =>
  troubles.filter(trouble => !trouble.includes('Failed to load resource'))

/** Opens the one-time link and makes the first account. */
export async function comeAsOwner(browser: Browser, target: Target): Promise<Visit> {
  const link = (await readFile(path.join(target.local().dataDirectory, 'console-link'), 'utf8')).trim()
  const visited = await come(browser, target.url, link)
  await visited.page.getByText('You are in by the one-time link.').waitFor()
  await visited.page.getByRole('link', { name: 'Make your account' }).click()
  await register(visited.page, ada, 'Make the account')
  await visited.page.getByRole('region', { name: 'About you' }).waitFor()
  return visited
}

/** The link in the newest letter to an address; quoted-printable breaks long lines with an equals sign. */
export async function readLetter(outbox: string, to: string): Promise<string> {
  for (let tries = 0; tries < 60; tries++) {
    const names = await readdir(outbox).catch((): string[] => [])
    const letters = await Promise.all(names.map(name => readFile(path.join(outbox, name), 'utf8')))
    const plain = letters.map(letter => letter.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '='))
    const link = plain.filter(letter => letter.includes(to)).flatMap(letter => letter.match(/\S+#reset=[\w.~-]+/) ?? [])
    const newest = link.at(-1)
    if (newest !== undefined) return newest
    await sleep(500)
  }
  throw new Error(`No letter to ${to} lies in the outbox`)
}

/** What is revoked stops working this soon. */
export const REVOKED_WITHIN_MS = 60_000

/** Asks until the answer is the wanted one; resolves with the milliseconds that it took, or that were given at most. */
export async function untilStatus(ask: () => Promise<number>, isWanted: (status: number) => boolean): Promise<number> {
  const started = Date.now()
  while (Date.now() - started < REVOKED_WITHIN_MS) {
    if (isWanted(await ask())) break
    await sleep(500)
  }
  return Date.now() - started
}

/** Invites somebody as a member and reads the link, which is shown once. */
export async function invite(page: Page, url: string, email: string): Promise<string> {
  await page.goto(`${url}/settings/members`)
  await page.getByRole('region', { name: 'Invitations' }).getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Invite' }).click()
  return page.locator('code', { hasText: '#invitation=' }).innerText()
}
