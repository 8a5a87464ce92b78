import { describe, expect, it } from 'vitest'
import { showProgress, size } from './progress.ts'

const at = (done: number, total: number | null = 4) => ({
  step: 'objects' as const,
  done,
  total,
  bytes: done * 1_500_000,
})

function screen(isTTY: boolean) {
  const written: string[] = []
  let now = 0
  const shown = showProgress({ isTTY, write: text => written.push(text) }, () => now)
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { ...shown, written, pass }
}

describe('the progress of a copy', () => {
  it('is a bar drawn over itself on a terminal', () => {
    const { on, end, written } = screen(true)
    on(at(2))
    on(at(4))
    end()
    expect(written).toEqual([
      '\rCopying objects  [############------------] 2/4, 3.0 MB\u001b[K',
      '\rCopying objects  [########################] 4/4, 6.0 MB\u001b[K',
      '\n',
    ])
  })

  it('is a line now and then elsewhere', () => {
    const { on, end, written, pass } = screen(false)
    for (const done of [0, 1, 2]) on(at(done))
    pass(10_000)
    for (const done of [3, 4]) on(at(done))
    on({ step: 'comparing', done: 1, total: null, bytes: 0 })
    end()
    expect(written.map(line => line.trim().split(' ').slice(-3).join(' '))).toEqual(['3/4, 4.5 MB', '4/4, 6.0 MB'])
  })

  it('gives bytes in units for people', () => {
    expect([0, 999, 1_000, 2_345_678, 5e15].map(size)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.0 KB',
      '2.3 MB',
      '5000.0 TB',
    ])
  })
})
