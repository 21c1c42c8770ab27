import { defineDecoder } from '../define.ts'
import { ether } from '../text.ts'

export default defineDecoder({
  id: 'eth',
  title: 'Ethernet',
  spec: 'https://standards.ieee.org/ieee/802.3/10422/',
  doc: 'Ethernet II frames and 802.3 frames with a length. What follows the stated length is a trailer and is not read.',
  on: [{ table: 'link', keys: [1] }],
  fields: [
    { name: 'eth.dst', type: 'ether', doc: 'Destination', place: [0, 6], read: (p, at) => p.data.subarray(at, at + 6) },
    { name: 'eth.src', type: 'ether', doc: 'Source', place: [6, 6], read: (p, at) => p.data.subarray(at + 6, at + 12) },
    {
      name: 'eth.addr',
      type: 'ether',
      doc: 'Source or destination',
      read: (p, at) => [p.data.subarray(at, at + 6), p.data.subarray(at + 6, at + 12)],
    },
    {
      name: 'eth.type',
      type: 'uint',
      doc: 'Type',
      place: [12, 2],
      read: (p, at) => (p.view.getUint16(at + 12) >= 0x600 ? p.view.getUint16(at + 12) : undefined),
    },
    {
      name: 'eth.len',
      type: 'uint',
      doc: 'Length',
      place: [12, 2],
      read: (p, at) => (p.view.getUint16(at + 12) < 0x600 ? p.view.getUint16(at + 12) : undefined),
    },
  ],
  header(p) {
    if (!p.has(14)) return
    const type = (p.data[p.at + 12]! << 8) | p.data[p.at + 13]!
    p.at += 14
    p.goToEtherType(type)
  },
  line: (p, at) => `Ethernet II, Src: ${ether(p.data, at + 6)}, Dst: ${ether(p.data, at)}`,
  examples: [
    {
      name: 'a frame of a type that is not known',
      packet: { link: 1, hex: '020000000001 020000000002 88b5 01020304' },
      expect: { stack: 'eth:ethertype:data' },
    },
  ],
})
