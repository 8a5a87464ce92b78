import { describe, expect, it } from 'vitest'

import { addressInHost, isPublicAddress } from './is-public-address.ts'

const closed: Record<string, string[]> = {
  'this network': ['0.0.0.0', '0.1.2.3', '0.255.255.255'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'carrier-grade NAT': ['100.64.0.1', '100.100.100.200', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.1.2.3', '127.255.255.255', '::1'],
  'link-local and metadata': [
    '169.254.0.1',
    '169.254.169.254',
    '169.254.255.255',
    '168.63.129.16',
    'fe80::1',
    'febf::1',
    'fd00:ec2::254',
  ],
  'protocol assignments': [
    '192.0.0.1',
    '192.0.0.192',
    '192.0.0.255',
    '2001::1',
    '2001:1ff::1',
    '2001:10::1',
    '2001:20::1',
  ],
  documentation: [
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.255',
    '2001:db8::1',
    '2001:DB8:ffff::1',
    '3fff::1',
    '3fff:fff::1',
  ],
  benchmarks: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'relays and tunnels': ['192.88.99.1', '2002:7f00:1::', '2002:808:808::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  'multicast and reserved': ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1'],
  unspecified: ['::', '0:0:0:0:0:0:0:0'],
  'unique local and site-local': ['fc00::1', 'fdff:ffff::1', 'fec0::1'],
  'IPv4 mapped, translated or compatible': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '0:0:0:0:0:ffff:169.254.169.254',
    '::ffff:0:127.0.0.1',
    '::127.0.0.1',
    '::8.8.8.8',
  ],
  NAT64: [
    '64:ff9b::127.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b::c0a8:1',
    '64:ff9b:1::8.8.8.8',
    '64:ff9b:0:1::8.8.8.8',
  ],
  ISATAP: ['2a00:1450:4001:80b:0:5efe:7f00:1', '2a00:1450:4001:80b:200:5efe:10.0.0.1'],
  'discard, dummy and segment routing': ['100::1', '100:0:0:1::1', '5f00::1'],
  'outside of what is given out': ['1fff::1', '4000::1', '8000::1', 'e000::1'],
  zones: ['fe80::1%eth0', 'fe80::1%25eth0', '2a00:1450:4001:80b::200e%1'],
  'odd notations': [
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    '08.8.8.8',
    '8.8.8.08',
    '8.8.8',
    '8.8.8.8.8',
    '8.8.8.256',
    '8.8.8.8.',
    ' 8.8.8.8',
    '8.8.8.8\n',
    '８.8.8.8',
    '+8.8.8.8',
    '8.8.8.8:80',
    '[2606:4700::1111]',
    '2606:4700::1111::1',
    '2606:4700:1:2:3:4:5:6:7',
    '2606:4700:1:2:3:4:5',
    '1:2:3:4:5:6:7::8:9',
    '2606:4700:::1',
    ':2606::1',
    '2606:47000::1',
    '2606:8.8.8.8::1',
    '8.8.8.8::1',
    '2606:4700::g',
  ],
  names: ['', 'localhost', 'example.com', 'a.b.c.d'],
}

const open: Record<string, string[]> = {
  'IPv4 beside closed ranges': [
    '1.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '168.63.129.15',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.0.3.0',
    '192.88.98.255',
    '192.88.100.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.99.255',
    '198.51.101.0',
    '203.0.112.255',
    '203.0.114.0',
    '223.255.255.255',
    '8.8.8.8',
  ],
  'IPv6 beside closed ranges': [
    '2000::1',
    '2001:200::1',
    '2001:db7:ffff::1',
    '2001:db9::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2606:4700:4700::1111',
    '2A00:1450:4001:80B::200E',
    '3ffe:ffff::1',
    '3fff:1000::1',
    '2a00:1450:4001:80b:5efe:0:7f00:1',
  ],
  'NAT64 of a public address': ['64:ff9b::8.8.8.8', '64:ff9b::808:808'],
}

describe('isPublicAddress', () => {
  for (const [kind, addresses] of Object.entries(closed))
    it.each(addresses)(`refuses ${kind}: %j`, address => {
      expect(isPublicAddress(address)).toBe(false)
    })
  for (const [kind, addresses] of Object.entries(open))
    it.each(addresses)(`lets through ${kind}: %s`, address => {
      expect(isPublicAddress(address)).toBe(true)
    })
})

describe('addressInHost', () => {
  it.each([
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://017700000001/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
    ['http://１２７.0.0.1/', '127.0.0.1'],
    ['http://[::1]:8080/', '::1'],
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://8.8.8.8/', '8.8.8.8'],
  ])('finds in %s the address %s', (url, address) => {
    expect(addressInHost(new URL(url).hostname)).toBe(address)
  })

  it.each(['http://example.com/', 'http://localhost/', 'http://127.0.0.1.example.com/'])('finds none in %s', url => {
    expect(addressInHost(new URL(url).hostname)).toBeUndefined()
  })
})
