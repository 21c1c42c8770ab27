import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, u16, u32, u8 } from '../fields.ts'

const WORDS: Readonly<Record<number, string>> = {
  1: 'Echo request',
  2: 'Echo response',
  16: 'Create PDP context request',
  17: 'Create PDP context response',
  18: 'Update PDP context request',
  19: 'Update PDP context response',
  20: 'Delete PDP context request',
  21: 'Delete PDP context response',
  26: 'Error indication',
  31: 'Supported extension headers notification',
  254: 'End marker',
  255: 'T-PDU',
}
const PACKET = 255
const MOST_EXTENSIONS = 16

export default defineDecoder({
  id: 'gtp',
  title: 'GTP',
  spec: 'https://www.3gpp.org/dynareport/29281.htm',
  doc: 'Version 1: tunnels of mobile networks (GTP-U) with extension headers, and the packets inside. Signalling is named by its kind of message; version 0 by its name.',
  on: [{ table: 'udpPort', keys: [2152, 3386] }],
  fields: [
    bits('gtp.flags.version', 'Version', 0, 1, 0xe0),
    u8('gtp.message', 'Kind of message', 1),
    u16('gtp.length', 'Length', 2),
    u32('gtp.teid', 'Tunnel', 4),
  ],
  header(p) {
    if (!p.has(8)) return
    const { data, at, view } = p
    const flags = data[at]!
    const message = data[at + 1]!
    const length = view.getUint16(at + 2)
    if (flags >> 5 > 1) return p.refuse()
    if (flags >> 5 === 0) {
      p.at = p.end
      return
    }
    p.at += 8
    p.room(length)
    // Number, N-PDU number and next extension are there together.
    if (flags & 7) {
      if (!p.has(4)) return
      let next = data[p.at + 3]!
      p.at += 4
      if ((flags & 4) === 0) next = 0
      for (let i = 0; next !== 0 && i < MOST_EXTENSIONS; i++) {
        if (!p.has(4)) return
        const units = data[p.at]!
        if (units === 0) {
          p.malformed = true
          return
        }
        if (!p.has(units * 4)) return
        p.at += units * 4
        next = data[p.at - 1]!
      }
    }
    if (message !== PACKET) {
      p.at = p.end
      return
    }
    if (p.at >= p.end) return
    const version = data[p.at]! >> 4
    if (version === 4) p.goTo(TABLE.etherType, 0x0800)
    else if (version === 6) p.goTo(TABLE.etherType, 0x86dd)
    else p.goTo(TABLE.link, 9)
  },
  line: (p, at, end) => (at + 1 < end ? (WORDS[p.data[at + 1]!] ?? `Message ${p.data[at + 1]!}`) : 'GTP'),
  examples: [
    {
      name: 'a packet with an extension header',
      packet: {
        link: 228,
        hex: '4500004c 00010000 40110000 c0000201 c0000202 0868 0868 0038 0000 34 ff 0020 00000007 0000 00 85 01 100700 45000018 00010000 40fd0000 c6336401 c6336402 01020304',
      },
      expect: { stack: 'ip:udp:gtp:ip:data', facts: { 'gtp.teid': 7, 'gtp.message': 255 } },
    },
  ],
})
