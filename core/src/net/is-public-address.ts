type Range = readonly [first: string, prefix: number]

// IANA's special-purpose registry, and what clouds answer on from inside a machine only.
const CLOSED_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

// Only 2000::/3 is given out as public; these parts of it are not (protocols, Teredo, 6to4, documentation).
const PUBLIC_V6: Range = ['2000::', 3]
const CLOSED_V6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]
const NAT64: Range = ['64:ff9b::', 96]
const ISATAP = 0x5efen

/**
 * Whether an IP address may be called by the server on behalf of a stranger: a public unicast address and nothing else. `address` is text
 * in the plain form that resolvers give (`192.0.2.1`, `2001:db8::1`); everything else (names, brackets, zones, ports, octal or hexadecimal
 * or short forms) is not public. Judge every address that a name resolves to and connect to the address judged; Node asks no `lookup`
 * for addresses written in a URL, see `addressInHost`.
 */
export function isPublicAddress(address: string): boolean {
  const four = parseV4(address)
  if (four !== undefined) return isPublicV4(four)
  const six = parseV6(address)
  return six !== undefined && isPublicV6(six)
}

/** The address that the host of a parsed URL (`new URL(…).hostname`) spells out, without brackets; undefined for a name. */
export function addressInHost(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname
  return parseV4(bare) === undefined && parseV6(bare) === undefined ? undefined : bare
}

function isPublicV4(value: bigint): boolean {
  return !CLOSED_V4.some(([first, prefix]) => inRange(value, parseV4(first), prefix, 32))
}

function isPublicV6(value: bigint): boolean {
  // Networks with IPv6 alone reach IPv4 through this prefix, so the address inside it decides.
  if (inV6(value, NAT64)) return isPublicV4(value & 0xffffffffn)
  if (!inV6(value, PUBLIC_V6)) return false
  if (CLOSED_V6.some(range => inV6(value, range))) return false
  // An interface id of ISATAP carries an IPv4 address through a tunnel; one bit only says whether that one is unique.
  return ((value >> 32n) & 0xfdffffffn) !== ISATAP
}

function inV6(value: bigint, [first, prefix]: Range): boolean {
  return inRange(value, parseV6(first), prefix, 128)
}

function inRange(value: bigint, first: bigint | undefined, prefix: number, bits: number): boolean {
  const rest = BigInt(bits - prefix)
  return first !== undefined && value >> rest === first >> rest
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    // A leading zero is octal to some readers and decimal to others: such an address has no one meaning.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = [groupsOf(halves[0] ?? '', halves.length === 1), groupsOf(halves[1] ?? '', true)]
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail]
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

/** The 16-bit groups of one side of `::`; only the last of an address may be written as IPv4 (`last`). */
function groupsOf(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    const four = last && index === parts.length - 1 ? parseV4(part) : undefined
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return undefined
  }
  return groups
}
