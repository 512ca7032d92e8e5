// Where requests of ours may go: to addresses of the public internet, never back inside (OWASP ASVS 5.0, 1.3.6).

import { BlockList, isIP } from 'node:net'

export type OutgoingRules = {
  /** Host names that the operator listed on purpose: they may lead anywhere. */
  privateHosts: readonly string[]
  /** Whether this machine itself may be called: applications under development. */
  allowLoopback: boolean
  /** Whether `BASE_URL` itself is plain http: then other plain http addresses are no worse. */
  allowPlainHttp: boolean
}

/** IANA special-purpose registries, and multicast. */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and with it the metadata services of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const)
  special.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['2001::', 23], // Teredo, ORCHID and other protocol assignments
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: an IPv4 address is inside
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6')

/** All of IPv6 that is public. What lies outside maps, embeds or translates (NAT64) IPv4, or is local. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

const loopbackNetwork = new BlockList()
loopbackNetwork.addSubnet('127.0.0.0', 8, 'ipv4')

const LOOPBACK_NAME = /(?:^|\.)localhost\.?$/

/** Why nothing is sent to the address, in words for the operator; `undefined` when a name remains to be resolved. */
export function targetProblem(url: URL, rules: OutgoingRules): string | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rules.allowPlainHttp))
    return 'it is not https'
  const literal = literalOf(url)
  const isInside = literal
    ? !mayConnect(url.hostname, literal, rules)
    : isLoopbackHost(url.hostname) && !rules.allowLoopback && !isListed(url.hostname, rules)
  return isInside ? 'it is no public address; PRIVATE_HOSTS can list its host' : undefined
}

/** Whether the host may be reached at the address that it was resolved to. */
export function mayConnect(host: string, address: string, rules: OutgoingRules): boolean {
  if (isListed(host, rules)) return true
  const family = familyOf(address)
  if (!family) return false
  if (rules.allowLoopback && isLoopback(address)) return true
  if (family === 'ipv6' && !globalUnicast.check(address, family)) return false
  return !special.check(address, family)
}

/** Whether the host of an address is this machine, by a name or by a literal. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_NAME.test(host) || isLoopback(host.replace(/^\[|\]$/g, ''))
}

/** In one spelling each: an IPv4 address inside an IPv6 one is none. */
function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && loopbackNetwork.check(address, 'ipv4'))
}

/** The parser has already brought every spelling of an IPv4 address to its usual one. */
function literalOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) ? host : undefined
}

/** With a zone (`fe80::1%eth0`) it is none: such an address is never public. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined
  return ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address)]
}

function isListed(host: string, { privateHosts }: OutgoingRules): boolean {
  return privateHosts.includes(host)
}
