import { parseNetwork } from '../network.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'cidr',
  spec: MODIFIER_SPEC,
  doc: 'The field is an address inside the network, IPv4 or IPv6. A value that is no address does not fit.',
  takes: ['text'],
  apply(value, { position }) {
    if (value.type !== 'text') return value
    if (position > 0) return 'cidr must be the first modifier'
    return parseNetwork(value.source) === null
      ? `no network: ${value.source.slice(0, 80)}`
      : { type: 'cidr', network: value.source }
  },
  examples: [
    {
      key: 'DestinationIp|cidr',
      value: ['10.0.0.0/8', '192.168.4.0/22'],
      matches: [{ DestinationIp: '10.255.1.1' }, { DestinationIp: '192.168.7.255' }],
      misses: [
        { DestinationIp: '11.0.0.1' },
        { DestinationIp: '192.168.8.0' },
        { DestinationIp: '10.1' },
        { DestinationIp: 'ten' },
      ],
    },
    {
      key: 'DestinationIp|cidr',
      value: '2001:db8::/33',
      matches: [{ DestinationIp: '2001:0DB8:7fff::1' }],
      misses: [{ DestinationIp: '2001:db8:8000::1' }, { DestinationIp: '32.1.13.184' }],
    },
    { key: 'DestinationIp|cidr', value: '10.0.0.0/33', error: 'no network' },
  ],
})
