import { readFile } from 'node:fs/promises'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { resolvePhotoUrl } from './index.ts'

const EXAMPLE = /^(resolvePhotoUrl\(.*\)) \/\/ → (.*)$/gm

it('the examples of docs/legacy-urls.md answer what the page says', async () => {
  const page = await readFile(new URL('../../docs/legacy-urls.md', import.meta.url), 'utf8')
  const answered: unknown[] = []
  const said: unknown[] = []
  const tell = (answer: unknown, expected: unknown) => {
    answered.push(answer)
    said.push(expected)
  }
  for (const [, code = ''] of page.matchAll(/```js\n(.*?)```/gs))
    runInNewContext(code.replace(EXAMPLE, 'tell($1, $2)'), { resolvePhotoUrl, tell })
  expect(answered).toEqual(said)
  expect(said).toHaveLength([...page.matchAll(EXAMPLE)].length)
  expect(said.length).toBeGreaterThan(10)
})
