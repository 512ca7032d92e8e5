// Where a request comes from, as limits count it.

import { isIPv6 } from 'node:net'

/** As some proxies write whom they answer: each connection has another port. */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/

/** Of an IPv6 address the first 64 bits: who has one of a network has all of it. */
export function sourceOf(address: string): string {
  const [, six, four] = WITH_PORT.exec(address) ?? []
  if (four) return four
  const [plain = ''] = (six ?? address).split('%', 1) // without the zone
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped || !isIPv6(plain)) return mapped ?? address
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}
