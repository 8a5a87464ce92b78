import { describe, expect, it } from 'vitest'
import { parseStrictly } from './parse-strictly.ts'

describe('a strict object', () => {
  it('is what JSON says', () => {
    const good = [
      '{}',
      ' {"a":1, "b":{"a":2}, "c":[{"a":1},{"a":2}], "d":"{\\"a\\":1,\\"a\\":2}"} ',
      '{"a:b":"a,\\"a","\\\\":1,"\\"":":"}',
      '{"a":[],"b":[1,"a","a"],"A":1}',
    ]
    for (const text of good) expect(parseStrictly(text)).toEqual(JSON.parse(text))
  })

  it('names nothing twice, at any depth, however it is spelled', () => {
    const twice = [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"b":{"c":[{"a":1,"b":[],"a":2}]}}',
      '{"a":{"b":1},"c":2,"a":{}}',
      '{"":1,"":2}',
      '{"__proto__":1,"__proto__":2}',
      '{"x\\"":1,"x\\"":2}',
      '{"a" : 1 ,\n"a"\t: 2}',
    ]
    for (const text of twice) expect([text, parseStrictly(text)]).toEqual([text, null])
  })

  it('is nothing else', () => {
    for (const text of ['', 'null', '[]', '1', '"a"', '{', '{"a":1}x', "{'a':1}", '{"a":1,}', '\ufeff{}'])
      expect([text, parseStrictly(text)]).toEqual([text, null])
  })

  it('gives no property of its prototype', () => {
    expect(Object.keys(parseStrictly('{"__proto__":{"exp":1}}') ?? {})).toEqual(['__proto__'])
    expect(parseStrictly('{"__proto__":{"exp":1}}')?.exp).toBeUndefined()
  })
})
