import { defineDecoder } from '../define.ts'

const REPLY = 1

export default defineDecoder({
  id: 'loop',
  title: 'LOOP',
  spec: 'https://en.wikipedia.org/wiki/Ethernet_Configuration_Testing_Protocol',
  doc: 'Ethernet’s test frames, as Cisco switches send them to themselves: the first function only.',
  on: [{ table: 'etherType', keys: [0x9000] }],
  fields: [
    {
      name: 'loop.function',
      type: 'uint',
      doc: 'Function',
      place: [2, 2],
      read: (p, at, end) => (at + 4 > end ? undefined : p.view.getUint16(at + 2, true)),
    },
  ],
  header(p) {
    if (!p.has(6)) return
    const reply = p.view.getUint16(p.at + 2, true) === REPLY
    p.at = reply ? p.at + 6 : p.end
    if (p.at < p.end) p.next = p.dispatch.data
  },
  line: (p, at, end) => (at + 4 > end ? 'LOOP' : p.view.getUint16(at + 2, true) === REPLY ? 'Reply' : 'Forward data'),
  examples: [
    {
      name: 'a reply',
      packet: { link: 1, hex: '020000000001 020000000002 9000 0000 0100 0000 00000000' },
      expect: { stack: 'eth:ethertype:loop:data', line: 'Reply', facts: { 'loop.function': 1 } },
    },
  ],
})
