import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { privateNumber, signDeterministically } from './deterministic-ecdsa.ts'

/** The key of RFC 6979, A.2.5. */
const hex = (text: string) => Buffer.from(text, 'hex').toString('base64url')
const RFC_KEY = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    d: hex('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721'),
    x: hex('60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6'),
    y: hex('7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299'),
  },
})

/** The two integers of a DER signature, in upper-case hex without leading zeros. */
function integersOf(der: Buffer): string[] {
  const length = der[3] ?? 0
  return [der.subarray(4, 4 + length), der.subarray(6 + length)].map(bytes =>
    bytes
      .toString('hex')
      .toUpperCase()
      .replace(/^(00)+/, ''),
  )
}

it.each<['sha1' | 'sha256', string, string, string]>([
  [
    'sha1',
    'sample',
    '61340C88C3AAEBEB4F6D667F672CA9759A6CCAA9FA8811313039EE4A35471D32',
    '6D7F147DAC089441BB2E2FE8F7A3FA264B9C475098FDCF6E00D7C996E1B8B7EB',
  ],
  [
    'sha256',
    'sample',
    'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
    'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
  ],
  [
    'sha1',
    'test',
    '0CBCC86FD6ABD1D99E703E1EC50069EE5C0B4BA4B9AC60E409E8EC5910D81A89',
    '01B9D7B73DFAA60D5651EC4591A0136F87653E0FD780C3B1BC872FFDEAE479B1',
  ],
  [
    'sha256',
    'test',
    'F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367',
    '019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083',
  ],
])('signs the examples of RFC 6979: %s of %s', (hash, text, r, s) => {
  const trimmed = [r, s].map(value => value.replace(/^(00)+/, ''))
  expect(integersOf(signDeterministically(hash, privateNumber(RFC_KEY), text))).toEqual(trimmed)
})

it('makes signatures that OpenSSL verifies, the same each time, for any key and text', () => {
  const pairs = Array.from({ length: 5 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const hash = fc.constantFrom('sha1' as const, 'sha256' as const)
  fc.assert(
    fc.property(fc.constantFrom(...pairs), hash, fc.string({ unit: 'binary' }), ({ privateKey }, algorithm, text) => {
      const secret = privateNumber(privateKey)
      const signature = signDeterministically(algorithm, secret, text)
      expect(verify(algorithm, Buffer.from(text), createPublicKey(privateKey), signature)).toBe(true)
      expect(verify(algorithm, Buffer.from(`${text}.`), createPublicKey(privateKey), signature)).toBe(false)
      expect(signDeterministically(algorithm, secret, text).equals(signature)).toBe(true)
    }),
    { numRuns: 100 },
  )
})
