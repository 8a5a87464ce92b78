import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { ERROR_CODES } from '@calotype/contract'
import { VERDICT_CODES } from '@calotype/core'
import { expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../../../..')

/** Ends a start with a message and is never answered to a caller. */
const NEVER_ANSWERED = ['database_too_new', 'mail_unavailable', 'mail_refused']
/** Documented for what is not built yet. */
const PLANNED: readonly string[] = []

async function sources(): Promise<string[]> {
  const texts: string[] = []
  for (const folder of ['core', 'adapters', 'apps/server']) {
    const names = await readdir(path.join(ROOT, folder), { recursive: true })
    const files = names.filter(
      name => /(^|\/)src\/.*\.ts$/.test(name) && !/node_modules|\.test\.ts$|\/testing\//.test(name),
    )
    for (const name of files) texts.push(await readFile(path.join(ROOT, folder, name), 'utf8'))
  }
  return texts
}

it('documents every code that can be thrown', async () => {
  const texts = await sources()
  expect(texts.length).toBeGreaterThan(100)
  const thrown = texts.flatMap(text =>
    [...text.matchAll(/new DomainError\(\s*'(\w+)',\s*'(\w+)'/g)].map(match => match[2] ?? ''),
  )
  expect(thrown.length).toBeGreaterThan(30)
  const undocumented = thrown.filter(code => !(code in ERROR_CODES) && !NEVER_ANSWERED.includes(code))
  expect(undocumented).toEqual([])
  for (const code of VERDICT_CODES) expect(ERROR_CODES).toHaveProperty(code)
})

it('throws every code that is documented', async () => {
  const all = (await sources()).join('\n')
  const unused = Object.keys(ERROR_CODES).filter(code => !new RegExp(`([\\w'],\\s*|code: )'${code}'`).test(all))
  expect(unused).toEqual(PLANNED)
})

it('says of every code what it means and what to do', () => {
  for (const [code, { status, meaning, remedy }] of Object.entries(ERROR_CODES)) {
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(meaning).toMatch(/\.$/)
    expect(remedy).toMatch(/\.$/)
  }
})
