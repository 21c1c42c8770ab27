import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'ipx',
  title: 'IPX',
  spec: 'https://en.wikipedia.org/wiki/Internetwork_Packet_Exchange',
  doc: 'NetWare’s datagrams. They are named only.',
  on: [
    { table: 'llc', keys: [0xe0] },
    { table: 'etherType', keys: [0x8137] },
    { table: 'ppp', keys: [0x002b] },
  ],
  examples: [
    {
      name: 'a datagram',
      packet: { link: 1, hex: '020000000001 020000000002 8137 ffff 001e' },
      expect: { stack: 'eth:ethertype:ipx' },
    },
  ],
})
