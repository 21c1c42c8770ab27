import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'udpencap',
  title: 'UDPENCAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3948',
  doc: 'IPsec through address translation: keep-alives, ESP, and IKE behind four zero bytes.',
  on: [{ table: 'udpPort', keys: [4500] }],
  fields: [],
  header(p) {
    if (p.end - p.at === 1 && p.data[p.at] === 0xff) {
      p.at = p.end
      return
    }
    if (!p.has(4)) return
    if (p.view.getUint32(p.at) === 0) {
      p.at += 4
      if (p.at < p.end) p.goTo(TABLE.other, OTHER.isakmp)
    } else p.goTo(TABLE.ip, 50)
  },
  line: () => 'NAT-keepalive',
  examples: [
    {
      name: 'ESP',
      packet: { link: 228, hex: '45000028 00010000 40110000 c0000201 c0000202 1194 1194 0014 0000 00000100 00000001 aabbccdd' },
      expect: { stack: 'ip:udp:udpencap:esp', line: 'ESP (SPI=0x00000100)' },
    },
    {
      name: 'a keep-alive',
      packet: { link: 228, hex: '4500001d 00010000 40110000 c0000201 c0000202 1194 1194 0009 0000 ff' },
      expect: { stack: 'ip:udp:udpencap', line: 'NAT-keepalive' },
    },
  ],
})
