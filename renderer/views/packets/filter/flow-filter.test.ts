import { describe, expect, it } from 'vitest'
import { addressField, endpointFilter, flowFilter, pairFilter, protocolFilter, type FlowEnds } from './flow-filter.ts'

const flow = (change: Partial<FlowEnds> = {}): FlowEnds => ({
  transport: 'tcp',
  stream: 7,
  client: { ip: '192.0.2.1', port: 51_000 },
  server: { ip: '198.51.100.9', port: 80 },
  ...change,
})

describe('filters of flows', () => {
  it('name a flow by its stream', () => {
    expect(flowFilter(flow())).toBe('tcp.stream == 7')
    expect(flowFilter(flow({ transport: 'udp', stream: 0 }))).toBe('udp.stream == 0')
  })
  it('name a flow by its ends where it has no stream', () => {
    expect(flowFilter(flow({ transport: 'sctp', stream: null }))).toBe(
      'ip.addr == 192.0.2.1 && ip.addr == 198.51.100.9 && sctp.port == 51000 && sctp.port == 80',
    )
    const icmp = flow({ transport: 'icmp', stream: null, client: { ip: '2001:db8::1', port: null } })
    expect(flowFilter({ ...icmp, server: { ip: '2001:db8::2', port: null } })).toBe(
      'icmp && ipv6.addr == 2001:db8::1 && ipv6.addr == 2001:db8::2',
    )
    const pair = 'ip.addr == 192.0.2.1 && ip.addr == 198.51.100.9'
    expect(flowFilter(flow({ transport: 'ip', stream: null }))).toBe(pair)
    expect(flowFilter(flow({ transport: 'proto-253', stream: null }))).toBe(pair)
    expect(flowFilter(flow({ transport: 'eth', stream: null, client: { ip: '" or frame', port: null } }))).toBe('')
  })
  it('know the kinds of addresses', () => {
    expect(['192.0.2.1', '2001:db8::7', '::', '02:00:5e:10:00:01', 'example.com', '', '1'].map(addressField)).toEqual([
      'ip.addr',
      'ipv6.addr',
      'ipv6.addr',
      'eth.addr',
      '',
      '',
      '',
    ])
  })
  it('put nothing into a filter that is no address', () => {
    expect(endpointFilter('1.2.3.4 || frame')).toBe('')
    expect(pairFilter('192.0.2.1', 'x"')).toBe('')
    expect(protocolFilter('tcp || frame')).toBe('')
    expect(protocolFilter('ftp-data')).toBe('ftp-data')
  })
  it('name a port only where the transport has some', () => {
    expect(endpointFilter('192.0.2.1', 'tcp', 80)).toBe('ip.addr == 192.0.2.1 && tcp.port == 80')
    expect(endpointFilter('192.0.2.1', 'icmp', 8)).toBe('ip.addr == 192.0.2.1')
    expect(pairFilter('192.0.2.1', '192.0.2.1')).toBe('ip.addr == 192.0.2.1')
  })
})
