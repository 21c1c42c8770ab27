import { describe, expect, it } from 'vitest'
import { ABSENT, OWN, QUOTED, quotesOnce, SEVERAL, transportOf } from './transport-of-stack.ts'

const of = (stack: string, protocol: string): number => transportOf(stack.split(':'), protocol)
const once = (stack: string): boolean => quotesOnce(stack.split(':'))

describe('what a stack says of its transport', () => {
  it('is its own where it is there once, with nothing of a tunnel behind it', () => {
    expect(of('eth:ethertype:ip:tcp:http', 'tcp')).toBe(OWN)
    expect(of('eth:ethertype:ip:gre:ip:tcp', 'tcp')).toBe(OWN)
    expect(of('eth:ethertype:ip:udp:dns', 'tcp')).toBe(ABSENT)
  })
  it('must be read where there are several', () => {
    expect(of('eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:udp', 'udp')).toBe(SEVERAL)
    expect(of('eth:ethertype:ip:udp:gtp:ip:tcp', 'udp')).toBe(SEVERAL)
    expect(of('eth:ethertype:ip:udp:gtp:ip:tcp', 'tcp')).toBe(OWN)
  })
  it('is of another packet where it is quoted', () => {
    expect(of('eth:ethertype:ip:icmp:ip:tcp', 'tcp')).toBe(QUOTED)
    expect(of('eth:ethertype:ipv6:icmpv6:ipv6:udp', 'udp')).toBe(QUOTED)
    expect(once('eth:ethertype:ip:icmp:ip:tcp')).toBe(true)
    expect(once('eth:ethertype:ip:icmp:ip:icmp')).toBe(true)
    expect(once('eth:ethertype:ip:icmp:data')).toBe(false)
    expect(once('eth:ethertype:ip:ip:icmp:ip:tcp')).toBe(false)
    expect(once('eth:ethertype:ip:icmp:ip')).toBe(false)
    expect(once('eth:ethertype:ip:gre:ip:tcp')).toBe(false)
  })
})
