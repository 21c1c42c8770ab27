import { defineDecoder } from '../define.ts'
import { u16, u8 } from '../fields.ts'

export default defineDecoder({
  id: 'atm',
  title: 'ATM',
  spec: 'https://www.tcpdump.org/linktypes/LINKTYPE_SUNATM.html',
  doc: 'ATM as SunATM captures it: the circuit, and LLC where the packet says so.',
  on: [{ table: 'link', keys: [123] }],
  fields: [u8('atm.vpi', 'Path', 1), u16('atm.vci', 'Channel', 2)],
  header(p) {
    if (!p.has(4)) return
    const kind = p.data[p.at]! & 15
    p.at += 4
    if (kind === 2) p.next = p.dispatch.llc
    else p.at = p.end
  },
  line: () => 'ATM',
  examples: [
    { name: 'signalling', packet: { link: 123, hex: '06 00 0005 0900' }, expect: { stack: 'atm', facts: { 'atm.vci': 5 } } },
  ],
})
