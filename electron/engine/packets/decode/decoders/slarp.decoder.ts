import { namedDecoder } from '../named.ts'
import { u32 } from '../fields.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'slarp',
  title: 'SLARP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1547',
  doc: 'Address requests and keep-alives on a line of Cisco’s HDLC.',
  on: [{ table: 'other', keys: [OTHER.slarp] }],
  fields: [u32('slarp.ptype', 'Packet type', 0)],
  line: (p, at, end) =>
    at + 4 > end ? 'SLARP' : (['Request', 'Reply', 'Line keepalive'][p.view.getUint32(at)] ?? `Type ${p.view.getUint32(at)}`),
  examples: [
    {
      name: 'keep-alive',
      packet: { link: 104, hex: '8f00 8035 00000002 00000001 00000000 ffff 0000' },
      expect: { stack: 'chdlc:slarp', line: 'Line keepalive' },
    },
  ],
})
