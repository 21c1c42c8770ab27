import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'

export default defineDecoder({
  id: 'cmd',
  title: 'CMD',
  spec: 'https://www.wireshark.org/docs/dfref/c/cmd.html',
  doc: 'Cisco’s metadata (security group tags) before a packet’s own type.',
  on: [{ table: 'etherType', keys: [0x8909] }],
  fields: [],
  header(p) {
    if (!p.has(8)) return
    // In GRE the type comes first, on Ethernet last.
    const inGre = p.layers > 1 && p.layerId[p.layers - 2] === p.dispatch.find(TABLE.ip, 47)
    const type = p.view.getUint16(inGre ? p.at : p.at + 6)
    p.at += 8
    p.goTo(TABLE.etherType, type)
  },
  line: () => 'Cisco MetaData',
  examples: [
    {
      name: 'IPv4',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 8909 01 01 0001 0002 0800 45000018 00010000 40fd0000 c0000201 c0000202 01020304',
      },
      expect: { stack: 'eth:ethertype:cmd:ip:data' },
    },
  ],
})
