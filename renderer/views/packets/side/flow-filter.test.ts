import { describe, expect, it } from 'vitest'
import { flowFilter } from './flow-filter.ts'

const end = (ip: string) => ({ ip, port: 1, packets: 1, bytes: 1, payload: 1 })

describe('the filter of a flow', () => {
  it.each([
    ['tcp', 7, '192.0.2.1', '198.51.100.2', 'tcp.stream == 7'],
    ['udp', 0, '192.0.2.1', '198.51.100.2', 'udp.stream == 0'],
    ['icmp', null, '192.0.2.1', '198.51.100.2', 'icmp && ip.addr == 192.0.2.1 && ip.addr == 198.51.100.2'],
    ['icmpv6', null, '2001:db8::1', '2001:db8::2', 'icmpv6 && ipv6.addr == 2001:db8::1 && ipv6.addr == 2001:db8::2'],
    ['eth', null, '" or frame', '192.0.2.1', ''],
  ] as const)('%s', (transport, stream, client, server, filter) =>
    expect(flowFilter({ transport, stream, client: end(client), server: end(server) })).toBe(filter),
  )
})
