import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u16, u8 } from '../fields.ts'

const PAYLOAD = 9
/** Attributes there are at most: each kind once, with room to spare. */
const MOST_ATTRIBUTES = 64

export default defineDecoder({
  id: 'nflog',
  title: 'NFLOG',
  spec: 'https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html',
  doc: 'Packets that Linux’s firewall logs: attributes, one of which is the packet.',
  on: [{ table: 'link', keys: [239] }],
  fields: [u8('nflog.family', 'Address family', 0), u8('nflog.version', 'Version', 1), u16('nflog.res_id', 'Group', 2)],
  header(p) {
    if (!p.has(4)) return
    const family = p.data[p.at]!
    p.at += 4
    for (let i = 0; i < MOST_ATTRIBUTES && p.at < p.end; i++) {
      if (!p.has(4)) return
      // In the byte order of the machine that captured: the type is a small number in one of the two.
      const little = p.data[p.at + 2]! !== 0 || p.data[p.at + 3] === 0
      const length = p.view.getUint16(p.at, little)
      const type = p.view.getUint16(p.at + 2, little) & 0x7fff
      if (length < 4) {
        p.malformed = true
        return
      }
      if (type === PAYLOAD) {
        p.at += 4
        p.room(length - 4)
        if (family === 2) p.goTo(TABLE.etherType, 0x0800)
        else if (family === 10) p.goTo(TABLE.etherType, 0x86dd)
        else p.next = p.dispatch.data
        return
      }
      p.at += (length + 3) & ~3
    }
  },
  line: () => 'NFLOG',
  examples: [
    {
      name: 'IPv4 behind a prefix',
      packet: {
        link: 239,
        hex: '02 00 0001 0500 0a00 00 000000 1c00 0900 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'nflog:ip:data', facts: { 'nflog.family': 2, 'nflog.res_id': 1 } },
    },
  ],
})
